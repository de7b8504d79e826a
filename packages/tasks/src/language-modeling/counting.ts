import { yieldToEvents } from '@heddle/core'
import type { Abortable, DirectLearning } from '../task/pipeline.ts'
import { type TextExample, textsOf } from './text-example.ts'

/** A language model that is counted, not trained. */
export interface CountedLanguageModel {
  count(ids: ArrayLike<number>): void
  /** Σ log p of a text, and its number of tokens. */
  evaluate(ids: ArrayLike<number>): { readonly logProbability: number; readonly numTokens: number }
  toBytes(): Uint8Array
  /** @param file the name for messages */
  load(bytes: Uint8Array, file: string): void
}

/** Fits a model that counts. */
export class Counting implements DirectLearning<TextExample> {
  readonly #model: CountedLanguageModel
  readonly #encode: (texts: readonly string[]) => Int32Array

  constructor(model: CountedLanguageModel, encode: (texts: readonly string[]) => Int32Array) {
    this.#model = model
    this.#encode = encode
  }

  async fit(
    train: readonly TextExample[],
    validation: readonly TextExample[],
    options: Abortable = {},
  ): Promise<Record<string, number>> {
    this.#model.count(this.#encode(await textsOf(train)))
    return validation.length > 0 ? { loss: await this.evaluate(validation, options) } : {}
  }

  /** Mean negative log-likelihood in nats per token. */
  async evaluate(texts: readonly TextExample[], { signal }: Abortable = {}): Promise<number> {
    const ids = this.#encode(await textsOf(texts))
    await yieldToEvents()
    signal?.throwIfAborted()
    const { logProbability, numTokens } = this.#model.evaluate(ids)
    return -logProbability / numTokens
  }

  save(): Uint8Array {
    return this.#model.toBytes()
  }

  load(bytes: Uint8Array, file: string): void {
    this.#model.load(bytes, file)
  }
}
