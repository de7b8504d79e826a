import { padSequences } from '@heddle/data'
import type { Tokenizer } from '@heddle/tokenizer'
import * as tf from '@tensorflow/tfjs-core'
import type { SourceReader } from '../sequence-to-text/sequence-to-text.ts'
import { frameIds, tokenText } from '../sequence-to-text/target-tokens.ts'
import type { EncodedPair, SourceTensors } from '../sequence-to-text/teacher-forcing.ts'

// B batch, S steps of the source

/** Texts as token ids with an end symbol. */
export class TokenSource implements SourceReader<string, readonly number[]> {
  readonly #tokenizer: Tokenizer
  readonly #batchBy: 'source' | 'pair'
  readonly #pad: number
  readonly #end: number

  constructor(tokenizer: Tokenizer, batchBy: 'source' | 'pair') {
    this.#tokenizer = tokenizer
    this.#batchBy = batchBy
    const { pad, end } = frameIds(tokenizer)
    this.#pad = pad
    this.#end = end
  }

  encode(text: string): readonly number[] {
    return [...this.#tokenizer.encodeIds(text, { addSpecialTokens: false }), this.#end]
  }

  /** @returns ids [B, S] and lengths [B], int32 */
  collate(sources: readonly (readonly number[])[]): SourceTensors {
    const { data, shape, lengths } = padSequences(sources, { value: this.#pad })
    return { source: tf.tensor2d(data, shape, 'int32'), lengths: tf.tensor1d(lengths, 'int32') }
  }

  length(ids: readonly number[]): number {
    return ids.length
  }

  // Counting the target too saves padding, but makes batches of one kind of example each.
  trainingLength({ source, target }: EncodedPair<readonly number[]>): number {
    return source.length + (this.#batchBy === 'pair' ? target.length : 0)
  }

  steps(ids: readonly number[]): readonly string[] {
    return ids.map((id) => tokenText(this.#tokenizer, id))
  }
}
