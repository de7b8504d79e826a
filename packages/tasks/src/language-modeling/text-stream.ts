import { HeddleError, type RandomStream } from '@heddle/core'
import {
  type BatchRamp,
  batchSizeAt,
  type EndlessBatches,
  GrowingBatches,
  type LanguageModelBatch,
  RandomWindows,
  StreamBatcher,
} from '@heddle/data'
import { type Module, setTraining } from '@heddle/layers'
import { type BatchSource, validate } from '@heddle/trainer'
import type { Abortable, StepwiseLearning } from '../task/pipeline.ts'
import type { EncodeTexts } from './counting.ts'
import { NextToken, type TextWindow, type TokenLanguageModel } from './next-token.ts'
import { PartStreams, randomPartWindows } from './part-windows.ts'
import { isPart, type TextExample, textsOf } from './text-example.ts'

/** Number of streams in which held-out text is read side by side. */
const VALIDATION_STREAMS = 32

export interface TextStreamSettings {
  readonly batchSize: number
  /** Tokens of a window, through which the gradient flows back. */
  readonly windowLength: number
  /** Windows in the order of the text, with the state carried on, or from random places. */
  readonly windows: 'stream' | 'random'
  readonly labelSmoothing: number
  readonly batchRamp?: BatchRamp | undefined
  /** Number of updates, over which the batch grows, and of batches of each. */
  readonly steps: number
  readonly accumulate: number
  /** Name for messages. */
  readonly where: string
}

/** Endless batches that are one window each, of as many rows as the batch has. */
type EndlessBatch = Omit<EndlessBatches<never>, 'next'> & { next(): LanguageModelBatch }

/** Learns the next token of texts, in windows. */
export class TextStream implements StepwiseLearning<TextExample> {
  readonly objective: NextToken
  readonly growsBatches = true
  readonly validationMetrics = () => ['loss']
  readonly #model: Module
  readonly #encode: EncodeTexts
  readonly #settings: TextStreamSettings

  /** @param encode the ids of all texts, one after the other */
  constructor(model: TokenLanguageModel, encode: EncodeTexts, settings: TextStreamSettings) {
    if (settings.batchRamp !== undefined && settings.windows === 'stream') {
      throw new HeddleError(
        'config',
        `${settings.where}: expected training.windows to be 'random' with training.batchRamp, got 'stream', whose streams go on from batch to batch. Set training.windows=random, or leave the ramp out.`,
      )
    }
    this.objective = new NextToken(model, settings.labelSmoothing)
    this.#model = model
    this.#encode = encode
    this.#settings = settings
  }

  async trainingBatches(
    texts: readonly TextExample[],
    rng: RandomStream,
    abortable: Abortable = {},
  ): Promise<BatchSource<TextWindow>> {
    const { batchSize, windowLength: time, windows } = this.#settings
    if (texts.some(isPart)) {
      const options = { ...this.#settings, encode: this.#encode }
      return windows === 'stream' ? new PartStreams(texts, options) : randomPartWindows(texts, rng, options)
    }
    const ids = await this.#encode(texts as readonly string[], abortable)
    const source =
      windows === 'stream'
        ? new StreamBatcher(ids, { batchSize, time })
        : this.#growing(new RandomWindows(ids, { batchSize, time, rng }))
    return {
      next: () => [source.next()],
      get epoch() {
        return source.epoch
      },
      batchesPerEpoch: 'chunksPerEpoch' in source ? source.chunksPerEpoch : source.batchesPerEpoch,
      state: () => source.state(),
      restore: (state) => source.restore(state),
    }
  }

  #growing(windows: RandomWindows): EndlessBatch {
    const { batchRamp, batchSize, steps, accumulate } = this.#settings
    if (batchRamp === undefined) return windows
    const sizeAt = (batch: number) => batchSizeAt(batchSize, batchRamp, Math.floor(batch / accumulate), steps)
    const rows: EndlessBatches<LanguageModelBatch> = {
      next: () => rowsOf(windows.next()),
      get epoch() {
        return windows.epoch
      },
      batchesPerEpoch: windows.batchesPerEpoch,
      state: () => windows.state(),
      restore: (state) => windows.restore(state),
    }
    const growing = new GrowingBatches(rows, sizeAt)
    return {
      next: () => joined(growing.next()),
      get epoch() {
        return growing.epoch
      },
      batchesPerEpoch: growing.batchesPerEpoch,
      state: () => growing.state(),
      restore: (state) => growing.restore(state),
    }
  }

  async *validationBatches(texts: readonly TextExample[], options: Abortable = {}): AsyncIterable<TextWindow[]> {
    yield* this.#windows(await this.#encode(await textsOf(texts), options))
  }

  *#windows(ids: Int32Array): Generator<TextWindow[]> {
    const { windowLength: time } = this.#settings
    // A short text is read in fewer streams, of at least a window each.
    const batchSize = Math.max(1, Math.min(VALIDATION_STREAMS, Math.floor(ids.length / time)))
    const stream = new StreamBatcher(ids, { batchSize, time })
    for (let i = 0; i < stream.chunksPerEpoch; i++) yield [stream.next()]
  }

  /** Mean negative log-likelihood in nats per token, over all windows of the ids. */
  async evaluate(ids: Int32Array, { signal }: Abortable = {}): Promise<number> {
    const { loss } = await validate({
      model: this.#model,
      objective: this.objective,
      batches: this.#windows(ids),
      step: 0,
      ...(signal && { signal }),
    })
    setTraining(this.#model, false)
    return loss!
  }
}

function rowsOf({ inputs, targets, shape: [B, T] }: LanguageModelBatch): LanguageModelBatch[] {
  const row = (ids: Int32Array, b: number) => ids.subarray(b * T, (b + 1) * T)
  return Array.from({ length: B }, (_, b) => ({ inputs: row(inputs, b), targets: row(targets, b), shape: [1, T] }))
}

function joined(rows: readonly LanguageModelBatch[]): LanguageModelBatch {
  const T = rows[0]!.shape[1]
  const join = (field: 'inputs' | 'targets') => {
    const all = new Int32Array(rows.length * T)
    rows.forEach((row, b) => void all.set(row[field], b * T))
    return all
  }
  return { inputs: join('inputs'), targets: join('targets'), shape: [rows.length, T] }
}
