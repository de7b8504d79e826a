/** Batches of training examples without end, epoch after epoch, at a position that can be saved. */
export interface BatchSource<E> {
  next(): readonly E[]
  /** Complete passes over the data. */
  readonly epoch: number
  readonly batchesPerEpoch: number
  /** The position, as JSON. */
  state(): unknown
  restore(state: unknown): void
}
