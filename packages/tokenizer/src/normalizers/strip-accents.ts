import * as schema from '../config/schema.ts'
import { type Normalizer, normalizerPoint } from '../pipeline/points.ts'
import type { AlignedText } from '../text/aligned-text.ts'
import { codePointAt } from '../unicode/code-point.ts'
import { MARK } from '../unicode/pinned-categories.ts'
import { CharacterMap } from './character-map.ts'

/** Removes combining marks. Use a decomposition (NFD) before it, which makes accents separate characters. */
export class StripAccents implements Normalizer {
  normalize(text: AlignedText): AlignedText {
    return MARKS.apply(text)
  }

  mapUnit(unit: number): number {
    return MARKS.mapUnit(unit)
  }

  toJSON() {
    return { type: 'StripAccents' }
  }
}

const MARKS = new CharacterMap((character) => (MARK.has(codePointAt(character, 0)) ? '' : character))

export const stripAccents = normalizerPoint.of({
  name: 'StripAccents',
  summary: 'removes combining marks',
  config: schema.strictObject({}),
  create: () => new StripAccents(),
})
