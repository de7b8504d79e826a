import type { PartSpec } from '@heddle/core'
import * as schema from '../config/schema.ts'
import { type PreTokenizer, preTokenizerPoint } from '../pipeline/points.ts'
import type { PreTokens } from '../text/pre-tokens.ts'
import { Split } from './split.ts'

/** Splits at a character, which is dropped. */
export class CharDelimiterSplit implements PreTokenizer {
  readonly #delimiter: string
  readonly #split: Split

  constructor(delimiter: string) {
    this.#delimiter = delimiter
    this.#split = new Split({ pattern: delimiter, behavior: 'Removed' })
  }

  preTokenize(preTokens: PreTokens): PreTokens {
    return this.#split.preTokenize(preTokens)
  }

  toJSON(): PartSpec {
    return { type: 'CharDelimiterSplit', delimiter: this.#delimiter }
  }
}

export const charDelimiterSplit = preTokenizerPoint.of({
  name: 'CharDelimiterSplit',
  summary: 'splits at a character',
  config: schema.strictObject({ delimiter: schema.string({ minLength: 1, maxLength: 2 }) }),
  create: ({ delimiter }) => new CharDelimiterSplit(delimiter),
})
