/** An endless sequence of training batches, epoch after epoch, whose position can be saved. */
export interface BatchSource<E> {
  /** The next batch; a source that reads from a disk answers with a promise. */
  next(): readonly E[] | Promise<readonly E[]>
  /** Number of complete passes over the data. */
  readonly epoch: number
  /** Number of batches in a pass over the data; an estimate for data that are read on the way. */
  readonly batchesPerEpoch: number
  /** The position, as JSON. */
  state(): unknown
  restore(state: unknown): void
}
