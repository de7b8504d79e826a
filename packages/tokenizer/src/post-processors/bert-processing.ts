import * as schema from '../config/schema.ts'
import type { Encoding } from '../encoding/encoding.ts'
import { type PostProcessor, postProcessorPoint } from '../pipeline/points.ts'
import { type SpecialToken, surround } from './surround.ts'

const special = schema.tuple(schema.string(), schema.integer(0))

/** `[CLS] A [SEP]`, and for pairs `[CLS] A [SEP] B [SEP]` with type id 1 for B and what follows it. */
export class BertProcessing implements PostProcessor {
  readonly #sep: SpecialToken
  readonly #cls: SpecialToken

  constructor(sep: SpecialToken, cls: SpecialToken) {
    this.#sep = sep
    this.#cls = cls
  }

  addedTokens(isPair: boolean): number {
    return isPair ? 3 : 2
  }

  process(encodings: readonly Encoding[], addSpecialTokens: boolean): Encoding[] {
    if (!addSpecialTokens) return [...encodings]
    return encodings.map((encoding, i) => surround(encoding, i === 0 ? this.#cls : undefined, this.#sep, i))
  }

  toJSON() {
    return { type: 'BertProcessing', sep: this.#sep, cls: this.#cls }
  }
}

export const bertProcessing = postProcessorPoint.of({
  name: 'BertProcessing',
  summary: '[CLS] A [SEP] B [SEP]',
  config: schema.strictObject({ sep: special, cls: special }),
  create: ({ sep, cls }) => new BertProcessing(sep, cls),
})
