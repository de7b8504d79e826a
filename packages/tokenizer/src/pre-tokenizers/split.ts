import type { PartSpec } from '@heddle/core'
import * as z from 'zod'
import { Pattern, type PatternInput, patternJson } from '../expressions/pattern.ts'
import { type PreTokenizer, preTokenizerPoint } from '../pipeline/points.ts'
import type { PreTokens } from '../text/pre-tokens.ts'
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

  constructor(options: SplitOptions) {
    this.#pattern = options.pattern instanceof Pattern ? options.pattern : new Pattern(options.pattern)
    this.#behavior = options.behavior
    this.#invert = options.invert ?? false
  }

  preTokenize(preTokens: PreTokens): PreTokens {
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

export const split = preTokenizerPoint.of({
  name: 'Split',
  summary: 'splits at the matches of a pattern',
  config: z.strictObject({ pattern: patternJson, behavior: splitBehavior, invert: z.boolean().default(false) }),
  create: ({ pattern, behavior, invert }) => new Split({ pattern: Pattern.fromJSON(pattern), behavior, invert }),
})
