import { HeddleError, periodicYield } from '@heddle/core'
import { type Module, setTraining } from '@heddle/layers'
import type { Tokenizer } from '@heddle/tokenizer'
import * as tf from '@tensorflow/tfjs-core'
import { encodeTexts, tokenTensors } from './encoded-texts.ts'

// B batch, T time, D size of a vector

/** An encoder alone: the model 'encoder'. */
export interface TextEncoder extends Module {
  /** @returns a vector for each token [B, T, D], and the real tokens [B, T], bool */
  forward(ids: tf.Tensor, lengths?: tf.Tensor, segments?: tf.Tensor): { outputs: tf.Tensor; mask?: tf.Tensor }
}

export interface EmbedOptions {
  /** Largest number of tokens that the model reads; longer texts are cut. */
  readonly maxLength: number
  /** Whether vectors have length 1, so that their products are cosines (default true). */
  readonly normalize?: boolean
  /** Number of texts at once (default 32). */
  readonly batchSize?: number
  /** Ends it within a batch, with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/**
 * A vector for each text: the mean of the vectors of its tokens, special ones included.
 *
 * @returns [D] for each text
 * @throws HeddleError `usage` for a model with a head
 * @see Reimers & Gurevych 2019, "Sentence-BERT: sentence embeddings using Siamese BERT-networks"
 */
export async function embedTexts(
  model: TextEncoder,
  tokenizer: Tokenizer,
  texts: readonly string[],
  { maxLength, normalize = true, batchSize = 32, signal }: EmbedOptions,
): Promise<Float32Array[]> {
  setTraining(model, false)
  const vectors: Float32Array[] = []
  const yieldNow = periodicYield(signal)
  for (let at = 0; at < texts.length; at += batchSize) {
    await yieldNow()
    const encodings = encodeTexts(tokenizer, texts.slice(at, at + batchSize), maxLength)
    const means = tf.tidy(() => {
      const { ids, lengths, segments } = tokenTensors(encodings, tokenizer)
      const { outputs, mask } = model.forward(ids, lengths, segments)
      if (!mask) {
        throw new HeddleError(
          'usage',
          "embedTexts: expected an encoder alone, got a model with a head, which gives no vectors of tokens. Read the folder with loadPretrained(folder, context, { type: 'encoder' }).",
        )
      }
      const real = tf.expandDims(tf.cast(mask, 'float32'), 2) // [B, T, 1]
      const mean = tf.div(tf.sum(tf.mul(outputs, real), 1), tf.sum(real, 1)) // [B, D]
      return normalize ? tf.div(mean, tf.maximum(tf.norm(mean, 2, 1, true), 1e-12)) : mean
    })
    const D = means.shape[1]!
    const values = (await means.data()) as Float32Array
    means.dispose()
    for (let b = 0; b < encodings.length; b++) vectors.push(values.slice(b * D, (b + 1) * D))
  }
  return vectors
}
