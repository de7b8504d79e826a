import type { PartSpec } from '@heddle/core'
import * as schema from '../config/schema.ts'
import { type Decoder, decoderPoint } from '../pipeline/points.ts'

/** Applies decoders in order. */
export class Sequence implements Decoder {
  readonly #decoders: readonly Decoder[]

  constructor(decoders: readonly Decoder[]) {
    this.#decoders = decoders
  }

  decode(tokens: readonly string[]): string[] {
    let result = [...tokens]
    for (const decoder of this.#decoders) result = decoder.decode(result)
    return result
  }

  toJSON(): PartSpec {
    return { type: 'Sequence', decoders: this.#decoders.map((decoder) => decoder.toJSON()) }
  }
}

export const sequence = decoderPoint.of({
  name: 'Sequence',
  summary: 'applies decoders in order',
  config: schema.strictObject({ decoders: schema.array(schema.looseObject({ type: schema.string() })) }),
  create: ({ decoders }, context) =>
    new Sequence(decoders.map((decoder) => context.registry.create(decoderPoint, decoder, context))),
})
