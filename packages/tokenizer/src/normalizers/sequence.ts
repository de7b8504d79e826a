import type { PartSpec } from '@heddle/core'
import * as schema from '../config/schema.ts'
import { type Normalizer, normalizerPoint } from '../pipeline/points.ts'
import { mapsUnits } from '../pipeline/short-way.ts'
import type { AlignedText } from '../text/aligned-text.ts'

/** Applies normalizers in order. */
export class Sequence implements Normalizer {
  readonly #normalizers: readonly Normalizer[]

  constructor(normalizers: readonly Normalizer[]) {
    this.#normalizers = normalizers
  }

  normalize(text: AlignedText): AlignedText {
    let result = text
    for (const normalizer of this.#normalizers) result = normalizer.normalize(result)
    return result
  }

  mapUnit(unit: number): number {
    let result = unit
    for (const normalizer of this.#normalizers)
      if (result >= 0) result = mapsUnits(normalizer) ? normalizer.mapUnit!(result) : -1
    return result
  }

  toJSON(): PartSpec {
    return { type: 'Sequence', normalizers: this.#normalizers.map((normalizer) => normalizer.toJSON()) }
  }
}

export const sequence = normalizerPoint.of({
  name: 'Sequence',
  summary: 'applies normalizers in order',
  config: schema.strictObject({ normalizers: schema.array(schema.looseObject({ type: schema.string() })) }),
  create: ({ normalizers }, context) =>
    new Sequence(normalizers.map((normalizer) => context.registry.create(normalizerPoint, normalizer, context))),
})
