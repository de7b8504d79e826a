import { type ConditionalRandomField, embedding, Module } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import type { EncoderModelWithLogits } from '../fine-tuning/recognize-entities.ts'

// B sentences, R rows of tokens, T time, W words, C labels

/** A model of tokens that answers for words: the logits at one token of each. It has no weights of its own. */
export class WordLogits extends Module {
  readonly model: EncoderModelWithLogits

  constructor(model: EncoderModelWithLogits) {
    super()
    this.model = model
  }

  get crf(): ConditionalRandomField | undefined {
    return this.model.crf
  }

  get pyTorchLogits(): string {
    return 'model(*inputs[:2]).flatten(0, 1)[inputs[2]]'
  }

  /**
   * @param ids [R, T], int32
   * @param lengths number of real tokens in each row, [R], int32
   * @param places token of each word, [B, W], int32: r·T + t for token t of row r
   * @returns logits [B, W, C]
   */
  override forward(ids: tf.Tensor, lengths: tf.Tensor, places: tf.Tensor): { logits: tf.Tensor } {
    const { logits } = this.model.forward(ids, lengths)
    const C = logits.shape[2]!
    const ofWords = embedding(tf.reshape(places, [places.size]), tf.reshape(logits, [-1, C])) // [B·W, C]
    return { logits: tf.reshape(ofWords, [...places.shape, C]) }
  }
}
