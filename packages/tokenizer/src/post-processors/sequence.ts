import type { PartSpec } from '@heddle/core'
import * as schema from '../config/schema.ts'
import type { Encoding } from '../encoding/encoding.ts'
import { type PostProcessor, postProcessorPoint } from '../pipeline/points.ts'

/** Applies post-processors in order. */
export class Sequence implements PostProcessor {
  readonly #processors: readonly PostProcessor[]

  constructor(processors: readonly PostProcessor[]) {
    this.#processors = processors
  }

  addedTokens(isPair: boolean): number {
    return this.#processors.reduce((sum, processor) => sum + processor.addedTokens(isPair), 0)
  }

  process(encodings: readonly Encoding[], addSpecialTokens: boolean): Encoding[] {
    let result = [...encodings]
    for (const processor of this.#processors) result = processor.process(result, addSpecialTokens)
    return result
  }

  toJSON(): PartSpec {
    return { type: 'Sequence', processors: this.#processors.map((processor) => processor.toJSON()) }
  }
}

export const sequence = postProcessorPoint.of({
  name: 'Sequence',
  summary: 'applies post-processors in order',
  config: schema.strictObject({ processors: schema.array(schema.looseObject({ type: schema.string() })) }),
  create: ({ processors }, context) =>
    new Sequence(processors.map((processor) => context.registry.create(postProcessorPoint, processor, context))),
})
