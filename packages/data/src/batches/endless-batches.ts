/** Endless batches of examples, epoch after epoch, with a position that can be saved. `BatchSampler` is one. */
export interface EndlessBatches<E> {
  next(): readonly E[]
  /** Number of complete passes over the data. */
  readonly epoch: number
  readonly batchesPerEpoch: number
  /** Returns the position as JSON. */
  state(): unknown
  restore(state: unknown): void
}
