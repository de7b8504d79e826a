import type { RandomStream } from '@heddle/core'
import { BatchSampler, MappedBatches } from '@heddle/data'
import type { BatchSource } from '@heddle/trainer'
import type { ExampleReader } from './labeling.ts'

/** Endless batches of examples of similar lengths, in random order, with the reader's augmentation. */
export function drawByLength<E, X>(
  encoded: readonly X[],
  reader: ExampleReader<E, X>,
  { batchSize, rng }: { readonly batchSize: number; readonly rng: RandomStream },
): BatchSource<X> {
  const sampler = new BatchSampler(encoded, {
    batchSize: Math.min(batchSize, encoded.length),
    length: (x) => reader.length(x),
    dropLast: true,
    rng,
  })
  if (reader.augment === undefined) return sampler
  return new MappedBatches(sampler, (example, stream) => reader.augment!(example, stream), rng)
}
