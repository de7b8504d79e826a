import { HeddleError, type RandomState, RandomStream, show } from '@heddle/core'
import { type BatchRamp, batchSizeAt, type PooledRows } from '@heddle/data'
import type { BatchSource } from '@heddle/trainer'
import type { CorpusPart } from '../corpus/corpus-part.ts'
import type { Instance } from '../examples/instance.ts'
import { type MaskRate, maskRateAt } from '../masking/mask-rate.ts'
import type { MaskingVocabulary } from '../masking/mask-tokens.ts'
import { type InstanceBatch, maskedBatch, nextTokenBatch } from './instance-batch.ts'

export interface PretrainingBatchesOptions {
  readonly vocabulary: MaskingVocabulary
  readonly padId: number
  readonly wholeWord: boolean
  /** Share of the batches that are read from left to right, with the next token to predict. */
  readonly causalShare?: number
  readonly maskRate: MaskRate
  /** Whether a row is masked in the same way whenever the stream brings it again. */
  readonly isStatic: boolean
  readonly batchSize: number
  readonly batchRamp?: BatchRamp | undefined
  /** Number of steps of the training, over which the mask rate and the batch size change. */
  readonly steps: number
  /** Number of rows of an epoch, as far as it can be known before the corpus is read. */
  readonly rowsPerEpoch: number
  readonly rng: RandomStream
}

/**
 * Batches of the rows of a stream, each masked or to be read from left to right. What is drawn for a batch depends on its number
 * alone, so a position is enough to go on exactly.
 */
export class PretrainingBatches implements BatchSource<InstanceBatch> {
  readonly #stream: PooledRows<CorpusPart, Instance>
  readonly #options: PretrainingBatchesOptions
  #root: RandomState
  #step = 0

  constructor(stream: PooledRows<CorpusPart, Instance>, options: PretrainingBatchesOptions) {
    this.#stream = stream
    this.#options = options
    this.#root = options.rng.split().state()
  }

  get epoch(): number {
    return this.#stream.epoch
  }

  /** An estimate, which counts the rows of the text that was read so far. */
  get batchesPerEpoch(): number {
    return Math.max(1, Math.round((this.#stream.rowsPerEpoch ?? this.#options.rowsPerEpoch) / this.#options.batchSize))
  }

  async next(): Promise<readonly InstanceBatch[]> {
    const {
      vocabulary,
      padId,
      wholeWord,
      causalShare = 0,
      maskRate,
      isStatic,
      batchSize,
      batchRamp,
      steps,
    } = this.#options
    const step = this.#step++
    const instances = await this.#stream.take(batchSizeAt(batchSize, batchRamp, step, steps))
    const options = { rate: maskRateAt(maskRate, step, steps), wholeWord, padId }
    const streamOf = (n: number) => RandomStream.fromState({ ...this.#root, splits: n }).split()
    const ofStep = streamOf(step)
    if (causalShare > 0 && ofStep.uniform() < causalShare) return [nextTokenBatch(instances, padId)]
    return [maskedBatch(instances, vocabulary, options, ({ number }) => (isStatic ? streamOf(number) : ofStep.split()))]
  }

  state(): unknown {
    return { kind: 'pretraining-batches', step: this.#step, rng: this.#root, stream: this.#stream.state() }
  }

  /** @throws HeddleError `format` when `state` is not a state, `data` when it belongs to another corpus */
  restore(state: unknown): void {
    const { kind, step, rng, stream } = (state ?? {}) as Record<string, unknown>
    if (kind !== 'pretraining-batches' || !Number.isSafeInteger(step) || (step as number) < 0) {
      throw new HeddleError(
        'format',
        `pre-training: expected a state { kind: 'pretraining-batches', step, … }, got ${show(state)}. The state is damaged.`,
      )
    }
    this.#stream.restore(stream)
    this.#root = RandomStream.fromState(rng as RandomState).state()
    this.#step = step as number
  }
}
