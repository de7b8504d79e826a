import { z } from 'zod'
import type { AlignedText } from '../pipeline/aligned-text.ts'
import { type Normalizer, normalizerPoint } from '../pipeline/points.ts'
import { codePointAt } from '../unicode/code-point.ts'
import { MARK } from '../unicode/pinned-categories.ts'
import { CharacterMap } from './character-map.ts'

/** Takes out combining marks. Put a decomposition (NFD) before it, so that accents are characters of their own. */
export class StripAccents implements Normalizer {
  normalize(text: AlignedText): AlignedText {
    return MARKS.apply(text)
  }

  toJSON() {
    return { type: 'StripAccents' }
  }
}

const MARKS = new CharacterMap((character) => (MARK.has(codePointAt(character, 0)) ? '' : character))

export const stripAccents = normalizerPoint.of({
  name: 'StripAccents',
  summary: 'takes out combining marks',
  config: z.strictObject({}),
  create: () => new StripAccents(),
})
