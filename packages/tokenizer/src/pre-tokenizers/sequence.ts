import type { PartSpec } from '@heddle/core'
import * as schema from '../config/schema.ts'
import { type PreTokenizer, preTokenizerPoint, type UnitSplit } from '../pipeline/points.ts'
import { unitSplitOf } from '../pipeline/short-way.ts'
import { Bounds, type UnitSplitter } from '../text/bounds.ts'
import type { PreTokens } from '../text/pre-tokens.ts'

/** Applies pre-tokenizers in order; each splits the pre-tokens of the one before. */
export class Sequence implements PreTokenizer {
  readonly #unitSplit: UnitSplit | undefined
  readonly #preTokenizers: readonly PreTokenizer[]

  constructor(preTokenizers: readonly PreTokenizer[]) {
    this.#preTokenizers = preTokenizers
    this.#unitSplit = joined(preTokenizers)
  }

  get unitSplit(): UnitSplit | undefined {
    return this.#unitSplit
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

/** One split for all, if only the last of them spells. */
function joined(preTokenizers: readonly PreTokenizer[]): UnitSplit | undefined {
  const [first, ...others] = preTokenizers.map(unitSplitOf)
  return others.reduce((before, after) => {
    if (before === undefined || after === undefined || before.spelling !== undefined || after.whole) return undefined
    const { split: outer } = before
    const { split: inner, spelling } = after
    if (outer === undefined || inner === undefined) return { split: outer ?? inner, spelling }
    const between = new Bounds()
    const split: UnitSplitter = (units, start, end, out) => {
      between.clear()
      outer(units, start, end, between)
      for (let i = 0; i < between.count; i++) inner(units, between.values[2 * i]!, between.values[2 * i + 1]!, out)
    }
    return { split, spelling }
  }, first)
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
