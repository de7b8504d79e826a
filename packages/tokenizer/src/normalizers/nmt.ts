import * as schema from '../config/schema.ts'
import { type Normalizer, normalizerPoint } from '../pipeline/points.ts'
import type { AlignedText } from '../text/aligned-text.ts'
import { codePointAt } from '../unicode/code-point.ts'
import { CharacterMap } from './character-map.ts'

/** SentencePiece's `nmt` cleaning: removes control characters; line breaks, tabs and zero-width characters become spaces. */
export class Nmt implements Normalizer {
  normalize(text: AlignedText): AlignedText {
    return CLEAN.apply(text)
  }

  mapUnit(unit: number): number {
    return CLEAN.mapUnit(unit)
  }

  toJSON() {
    return { type: 'Nmt' }
  }
}

function isRemoved(code: number): boolean {
  return (
    (code >= 1 && code <= 8) ||
    code === 0x0b ||
    (code >= 0x0e && code <= 0x1f) ||
    code === 0x7f ||
    code === 0x8f ||
    code === 0x9f
  )
}

const SPACES = /^[\t\n\f\r \u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]$/

const CLEAN = new CharacterMap((character) =>
  isRemoved(codePointAt(character, 0)) ? '' : SPACES.test(character) ? ' ' : character,
)

export const nmt = normalizerPoint.of({
  name: 'Nmt',
  summary: 'the cleaning of SentencePiece for translation',
  config: schema.strictObject({}),
  create: () => new Nmt(),
})
