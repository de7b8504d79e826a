import type { Abortable, DirectLearning } from '../task/pipeline.ts'
import { bytesOfTexts, isPart, type TextExample, textsOf } from './text-example.ts'

/** A language model that is counted, not trained. */
export interface CountedLanguageModel {
  count(ids: ArrayLike<number>, options?: Abortable): Promise<void>
  /** Σ log p of a text, and its number of tokens. */
  evaluate(
    ids: ArrayLike<number>,
    options?: Abortable,
  ): Promise<{ readonly logProbability: number; readonly numTokens: number }>
  toBytes(): Uint8Array
  /** @param file the name for messages */
  load(bytes: Uint8Array, file: string, options?: Abortable): Promise<void>
}

/** Makes one list of the ids of all texts. */
export type EncodeTexts = (texts: readonly string[], options?: Abortable) => Promise<Int32Array>

/** Bytes of a text larger than memory that are counted, from all over it: its n-grams would not fit either. */
const COUNTED = 2 ** 24

/** Fits a model that counts. */
export class Counting implements DirectLearning<TextExample> {
  readonly #model: CountedLanguageModel
  readonly #encode: EncodeTexts

  constructor(model: CountedLanguageModel, encode: EncodeTexts) {
    this.#model = model
    this.#encode = encode
  }

  async fit(
    train: readonly TextExample[],
    validation: readonly TextExample[],
    options: Abortable = {},
  ): Promise<Record<string, number>> {
    await this.#model.count(await this.#encode(await textsOf(train, COUNTED), options), options)
    if (validation.length === 0) return {}
    return { loss: await this.evaluate(await this.#encode(await textsOf(validation), options), options) }
  }

  leavesOut(train: readonly TextExample[]): string | undefined {
    if (!train.some(isPart) || bytesOfTexts(train) <= COUNTED) return undefined
    return `n-grams are counted in ${COUNTED / 2 ** 20} MiB from all over the text, as those of all of it would not fit into memory`
  }

  /** Mean negative log-likelihood in nats per token. */
  async evaluate(ids: Int32Array, options: Abortable = {}): Promise<number> {
    const { logProbability, numTokens } = await this.#model.evaluate(ids, options)
    return -logProbability / numTokens
  }

  save(): Uint8Array {
    return this.#model.toBytes()
  }

  load(bytes: Uint8Array, file: string, options: Abortable = {}): Promise<void> {
    return this.#model.load(bytes, file, options)
  }
}
