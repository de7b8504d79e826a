import type { RandomStream } from '@heddle/core'
import { RandomWindows, StreamBatcher } from '@heddle/data'
import { type Module, setTraining } from '@heddle/layers'
import { type BatchSource, validate } from '@heddle/trainer'
import type { StepwiseLearning } from '../task/pipeline.ts'
import { NextToken, type TextWindow, type TokenLanguageModel } from './next-token.ts'

/** Number of streams in which held-out text is read side by side. */
const VALIDATION_STREAMS = 32

export interface TextStreamSettings {
  readonly batchSize: number
  /** Tokens of a window, through which the gradient flows back. */
  readonly windowLength: number
  /** Windows in the order of the text, with the state carried on, or from random places. */
  readonly windows: 'stream' | 'random'
}

/** Learns the next token of texts, in windows. */
export class TextStream implements StepwiseLearning<string> {
  readonly objective: NextToken
  readonly validationMetrics = () => ['loss']
  readonly #model: Module
  readonly #encode: (texts: readonly string[]) => Int32Array
  readonly #settings: TextStreamSettings

  /** @param encode the ids of all texts, one after the other */
  constructor(
    model: TokenLanguageModel,
    encode: (texts: readonly string[]) => Int32Array,
    settings: TextStreamSettings,
  ) {
    this.objective = new NextToken(model)
    this.#model = model
    this.#encode = encode
    this.#settings = settings
  }

  trainingBatches(texts: readonly string[], rng: RandomStream): BatchSource<TextWindow> {
    const { batchSize, windowLength: time, windows } = this.#settings
    const ids = this.#encode(texts)
    const source =
      windows === 'stream'
        ? new StreamBatcher(ids, { batchSize, time })
        : new RandomWindows(ids, { batchSize, time, rng })
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

  *validationBatches(texts: readonly string[]): Iterable<TextWindow[]> {
    const { windowLength: time } = this.#settings
    const ids = this.#encode(texts)
    // A short text is read in fewer streams, of at least a window each.
    const batchSize = Math.max(1, Math.min(VALIDATION_STREAMS, Math.floor(ids.length / time)))
    const stream = new StreamBatcher(ids, { batchSize, time })
    for (let i = 0; i < stream.chunksPerEpoch; i++) yield [stream.next()]
  }

  /** Mean negative log-likelihood in nats per token, over all windows of the texts. */
  async evaluate(texts: readonly string[]): Promise<number> {
    const { loss } = await validate({
      model: this.#model,
      objective: this.objective,
      batches: this.validationBatches(texts),
      step: 0,
    })
    setTraining(this.#model, false)
    return loss!
  }
}
