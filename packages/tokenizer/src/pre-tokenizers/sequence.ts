import type { PartSpec } from '@heddle/core'
import { z } from 'zod'
import type { Pieces } from '../pipeline/pieces.ts'
import { type PreTokenizer, preTokenizerPoint } from '../pipeline/points.ts'

/** Pre-tokenizers one after the other, each splitting the pieces of the one before. */
export class Sequence implements PreTokenizer {
  readonly #preTokenizers: readonly PreTokenizer[]

  constructor(preTokenizers: readonly PreTokenizer[]) {
    this.#preTokenizers = preTokenizers
  }

  preTokenize(pieces: Pieces): Pieces {
    let result = pieces
    for (const preTokenizer of this.#preTokenizers) result = preTokenizer.preTokenize(result)
    return result
  }

  toJSON(): PartSpec {
    return { type: 'Sequence', pretokenizers: this.#preTokenizers.map((preTokenizer) => preTokenizer.toJSON()) }
  }
}

export const sequence = preTokenizerPoint.of({
  name: 'Sequence',
  summary: 'pre-tokenizers one after the other',
  config: z.strictObject({ pretokenizers: z.array(z.looseObject({ type: z.string() })) }),
  create: ({ pretokenizers }, context) =>
    new Sequence(
      pretokenizers.map((preTokenizer) => context.registry.create(preTokenizerPoint, preTokenizer, context)),
    ),
})
