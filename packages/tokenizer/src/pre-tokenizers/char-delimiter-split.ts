import type { PartSpec } from '@heddle/core'
import { z } from 'zod'
import type { Pieces } from '../pipeline/pieces.ts'
import { type PreTokenizer, preTokenizerPoint } from '../pipeline/points.ts'
import { Split } from './split.ts'

/** What stands between a character. */
export class CharDelimiterSplit implements PreTokenizer {
  readonly #delimiter: string
  readonly #split: Split

  constructor(delimiter: string) {
    this.#delimiter = delimiter
    this.#split = new Split({ pattern: delimiter, behavior: 'Removed' })
  }

  preTokenize(pieces: Pieces): Pieces {
    return this.#split.preTokenize(pieces)
  }

  toJSON(): PartSpec {
    return { type: 'CharDelimiterSplit', delimiter: this.#delimiter }
  }
}

export const charDelimiterSplit = preTokenizerPoint.of({
  name: 'CharDelimiterSplit',
  summary: 'what stands between a character',
  config: z.strictObject({ delimiter: z.string().min(1).max(2) }),
  create: ({ delimiter }) => new CharDelimiterSplit(delimiter),
})
