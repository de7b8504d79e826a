import type { PartSpec } from '@heddle/core'
import * as schema from '../config/schema.ts'
import { Pattern, type PatternInput, patternJson } from '../expressions/pattern.ts'
import { type PreTokenizer, preTokenizerPoint, type UnitSplit } from '../pipeline/points.ts'
import type { UnitSplitter } from '../text/bounds.ts'
import type { PreTokens } from '../text/pre-tokens.ts'
import { CL100K_PATTERN, QWEN2_PATTERN, splitCl100k } from './cl100k-split.ts'
import { GPT2_PATTERN, splitGpt2 } from './gpt2-split.ts'
import { type SplitBehavior, splitAt, splitBehavior } from './split-behavior.ts'

export interface SplitOptions {
  readonly pattern: PatternInput | Pattern
  readonly behavior: SplitBehavior
  /** Whether the matches are the text to keep and the text between them is the delimiter. Default false. */
  readonly invert?: boolean
}

/** Splits at the matches of a pattern. */
export class Split implements PreTokenizer {
  readonly #pattern: Pattern
  readonly #behavior: SplitBehavior
  readonly #invert: boolean
  readonly #splitter: UnitSplitter | undefined

  constructor(options: SplitOptions) {
    this.#pattern = options.pattern instanceof Pattern ? options.pattern : new Pattern(options.pattern)
    this.#behavior = options.behavior
    this.#invert = options.invert ?? false
    this.#splitter = knownSplitter(this.#pattern, this.#behavior, this.#invert)
  }

  get unitSplit(): UnitSplit | undefined {
    return this.#splitter && { split: this.#splitter }
  }

  preTokenize(preTokens: PreTokens): PreTokens {
    if (this.#splitter !== undefined) return preTokens.splitUnits(this.#splitter)
    return preTokens.split((text, start, end, out) => {
      const isWhole = start === 0 && end === text.length
      const matches = this.#pattern.matches(isWhole ? text : text.slice(start, end))
      splitAt(start === 0 ? matches : matches.map((at) => at + start), start, end, this.#behavior, out, this.#invert)
    })
  }

  toJSON(): PartSpec {
    return { type: 'Split', pattern: this.#pattern.toJSON(), behavior: this.#behavior, invert: this.#invert }
  }
}

// The patterns of well-known models have splitters of their own, which are several times as fast. Their matches cover the whole text, so
// that keeping the matches and isolating them are the same.
function knownSplitter(pattern: Pattern, behavior: SplitBehavior, invert: boolean): UnitSplitter | undefined {
  if (!(behavior === 'Isolated' || (behavior === 'Removed' && invert))) return undefined
  const json = pattern.toJSON()
  if (!('Regex' in json)) return undefined
  if (json.Regex === GPT2_PATTERN) return splitGpt2
  if (json.Regex === CL100K_PATTERN) return (units, start, end, out) => splitCl100k(units, start, end, out, 3)
  if (json.Regex === QWEN2_PATTERN) return (units, start, end, out) => splitCl100k(units, start, end, out, 1)
  return undefined
}

export const split = preTokenizerPoint.of({
  name: 'Split',
  summary: 'splits at the matches of a pattern',
  config: schema.strictObject({
    pattern: patternJson,
    behavior: splitBehavior,
    invert: schema.boolean().default(false),
  }),
  create: ({ pattern, behavior, invert }) => new Split({ pattern: Pattern.fromJSON(pattern), behavior, invert }),
})
