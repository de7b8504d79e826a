import { HeddleError, type RandomStream, show } from '@heddle/core'

export const DEFAULT_BUCKET_FACTOR = 100

export interface BatchesOptions<E> {
  readonly batchSize: number
  /** Length of an example. Examples of similar length then share a batch. Without it, lengths do not matter. */
  readonly length?: (example: E) => number
  /** Source of the random order. Without it, the examples keep their order. */
  readonly rng?: RandomStream
  /** Number of batches that are sorted by length together. More gives less padding, fewer mixes better. Default: 100. */
  readonly bucketFactor?: number
  /** Whether a last batch smaller than `batchSize` is left out. Default: false. */
  readonly dropLast?: boolean
}

/**
 * Returns one epoch of batches, each example once: shuffled, sorted by length within windows of `batchSize · bucketFactor`
 * examples, cut into batches, and the batches shuffled.
 */
export function batchesByLength<E>(examples: readonly E[], options: BatchesOptions<E>): E[][] {
  checkBatches('batchesByLength', examples.length, options)
  const lengths = options.length && Float64Array.from(examples, options.length)
  return planBatches(examples.length, lengths, options).map((batch) => batch.map((index) => examples[index]!))
}

type PlanOptions = Omit<BatchesOptions<never>, 'length'>

/** Returns the batches of one epoch as indices. */
export function planBatches(numExamples: number, lengths: Float64Array | undefined, options: PlanOptions): number[][] {
  const { batchSize, rng, bucketFactor = DEFAULT_BUCKET_FACTOR, dropLast = false } = options
  const order = Array.from({ length: numExamples }, (_, index) => index)
  const shuffled = rng === undefined ? order : rng.shuffled(order)
  const batches: number[][] = []
  const window = lengths === undefined ? batchSize : batchSize * bucketFactor
  for (let start = 0; start < numExamples; start += window) {
    const indices = shuffled.slice(start, start + window)
    if (lengths !== undefined) indices.sort((a, b) => lengths[a]! - lengths[b]!)
    for (let at = 0; at < indices.length; at += batchSize) batches.push(indices.slice(at, at + batchSize))
  }
  // Only the last batch of the last window can be smaller.
  if (dropLast && numExamples % batchSize !== 0) batches.pop()
  return rng === undefined || lengths === undefined ? batches : rng.shuffled(batches)
}

/** Returns the number of batches of one epoch. */
export function countBatches(numExamples: number, { batchSize, dropLast = false }: PlanOptions): number {
  return dropLast ? Math.floor(numExamples / batchSize) : Math.ceil(numExamples / batchSize)
}

export function checkBatches(where: string, numExamples: number, options: PlanOptions): void {
  const { batchSize, bucketFactor = 1 } = options
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new HeddleError('config', `${where}: expected a batchSize of at least 1, got ${show(batchSize)}. Correct it.`)
  }
  if (!Number.isInteger(bucketFactor) || bucketFactor < 1) {
    throw new HeddleError(
      'config',
      `${where}: expected a bucketFactor of at least 1, got ${show(bucketFactor)}. Correct it.`,
    )
  }
  if (numExamples === 0)
    throw new HeddleError('data', `${where}: expected at least one example, got none. Check the data.`)
  if (countBatches(numExamples, options) === 0) {
    throw new HeddleError(
      'data',
      `${where}: expected at least ${batchSize} examples for one whole batch, got ${numExamples}. Lower batchSize or keep the last batch.`,
    )
  }
}
