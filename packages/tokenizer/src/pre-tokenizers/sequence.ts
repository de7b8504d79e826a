import type { PartSpec } from '@heddle/core'
import * as schema from '../config/schema.ts'
import { type PreTokenizer, preTokenizerPoint } from '../pipeline/points.ts'
import type { PreTokens } from '../text/pre-tokens.ts'

/** Applies pre-tokenizers in order; each splits the pre-tokens of the one before. */
export class Sequence implements PreTokenizer {
  readonly #preTokenizers: readonly PreTokenizer[]

  constructor(preTokenizers: readonly PreTokenizer[]) {
    this.#preTokenizers = preTokenizers
  }

  preTokenize(preTokens: PreTokens): PreTokens {
    let result = preTokens
    for (const preTokenizer of this.#preTokenizers) result = preTokenizer.preTokenize(result)
    return result
  }

  toJSON(): PartSpec {
    return { type: 'Sequence', pretokenizers: this.#preTokenizers.map((preTokenizer) => preTokenizer.toJSON()) }
  }
}

export const sequence = preTokenizerPoint.of({
  name: 'Sequence',
  summary: 'applies pre-tokenizers in order',
  config: schema.strictObject({ pretokenizers: schema.array(schema.looseObject({ type: schema.string() })) }),
  create: ({ pretokenizers }, context) =>
    new Sequence(
      pretokenizers.map((preTokenizer) => context.registry.create(preTokenizerPoint, preTokenizer, context)),
    ),
})
