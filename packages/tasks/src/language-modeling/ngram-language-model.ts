import { HeddleError, parseConfig } from '@heddle/core'
import type { StepModel, StepResult } from '@heddle/decoding'
import { Module, modelPoint } from '@heddle/layers'
import { NgramModel } from '@heddle/ngram'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import type { Abortable } from '../task/pipeline.ts'
import type { CountedLanguageModel } from './counting.ts'

// B batch, V vocabulary, O order

const ngramLanguageModelConfig = z.strictObject({
  vocabSize: z.int().min(1).describe('number of tokens'),
  order: z
    .int()
    .min(1)
    .default(7)
    .describe('tokens of the longest n-grams: each is predicted from the order - 1 before it'),
})
export type NgramLanguageModelConfig = z.input<typeof ngramLanguageModelConfig>

/** The tokens before, the last one at the end; -1 where there are none: [B, O - 1], int32. */
export interface NgramState {
  readonly context: tf.Tensor
}

/** Stands for the absence of a token. */
const NONE = -1

/**
 * An n-gram model behind the step interface of decoding, so that samplers for networks work with it too. It has no parameters:
 * it is counted.
 *
 * @see NgramModel
 */
export class NgramLanguageModel extends Module implements StepModel<NgramState>, CountedLanguageModel {
  readonly vocabSize: number
  readonly order: number
  #counted: NgramModel | undefined

  constructor(config: NgramLanguageModelConfig) {
    super()
    const { vocabSize, order } = parseConfig('NgramLanguageModel', ngramLanguageModelConfig, config)
    this.vocabSize = vocabSize
    this.order = order
  }

  /** @throws HeddleError `usage` before the model is counted or loaded */
  get counted(): NgramModel {
    if (this.#counted !== undefined) return this.#counted
    throw new HeddleError('usage', 'NgramLanguageModel: expected counts, got none. Call count or load first.')
  }

  /** Counts the n-grams of a text. */
  async count(ids: ArrayLike<number>, { signal }: Abortable = {}): Promise<void> {
    const { order, vocabSize } = this
    this.#counted = await NgramModel.fromStreamAsync(ids, { order, vocabSize, signal })
  }

  evaluate(
    ids: ArrayLike<number>,
    options: Abortable = {},
  ): Promise<{ readonly logProbability: number; readonly numTokens: number }> {
    return this.counted.evaluateAsync([ids], options)
  }

  toBytes(): Uint8Array {
    return this.counted.toBytes()
  }

  /** @throws HeddleError `format` or `state-dict` unless the bytes are those of a model of the same sizes */
  async load(bytes: Uint8Array, file: string, { signal }: Abortable = {}): Promise<void> {
    const loaded = await NgramModel.fromBytesAsync(bytes, { file, signal })
    if (loaded.order !== this.order || loaded.vocabSize !== this.vocabSize) {
      throw new HeddleError(
        'state-dict',
        `${file}: expected n-grams of order ${this.order} over ${this.vocabSize} tokens, got order ${loaded.order} over ${loaded.vocabSize}. Load the file of the same run.`,
      )
    }
    this.#counted = loaded
  }

  initialState(B: number): NgramState {
    return { context: tf.fill([B, this.order - 1], NONE, 'int32') }
  }

  /**
   * @param tokens [B], int32
   * @returns logits [B, V]: the logarithms of the probabilities
   */
  step(tokens: tf.Tensor, { context }: NgramState): StepResult<NgramState> {
    const [B] = tokens.shape as [number]
    const joined = tf.concat([context, tf.expandDims(tokens, 1)], 1) // [B, O]
    const next = tf.slice(joined, [0, 1], [B, this.order - 1]) // [B, O - 1]
    // The counts are no tensors, so that a step has to read its context back.
    const ids = next.dataSync()
    const logits = new Float32Array(B * this.vocabSize)
    for (let b = 0; b < B; b++) {
      const before = ids.slice(b * (this.order - 1), (b + 1) * (this.order - 1)).filter((id) => id !== NONE)
      logits.set(this.counted.logProbabilities(before), b * this.vocabSize)
    }
    return { logits: tf.tensor2d(logits, [B, this.vocabSize]), state: { context: next } }
  }

  /**
   * @param ids [B, T], int32
   * @returns logits [B, T, V]
   */
  override forward(ids: tf.Tensor): { logits: tf.Tensor } {
    let state = this.initialState(ids.shape[0]!)
    const steps = tf.unstack(ids, 1).map((tokens) => {
      const result = this.step(tokens, state)
      state = result.state
      return result.logits
    })
    return { logits: tf.stack(steps, 1) }
  }
}

export const ngramLanguageModel = modelPoint.of({
  name: 'ngram-lm',
  summary: 'n-gram language model with modified Kneser-Ney smoothing: counted, not trained',
  config: ngramLanguageModelConfig,
  create: (config) => new NgramLanguageModel(config),
})
