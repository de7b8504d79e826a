import { HeddleError, type RandomStream } from '@heddle/core'
import { Embedding, type EncoderInput } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'

// B batch, T time, I size of a step, H height, W width, C channels

/** The table that an input of tokens needs, and the size of a step. A step of a picture is a row of pixels. */
export function inputLayer(
  input: EncoderInput,
  embeddingSize: number,
  rng: RandomStream,
): { embedding?: Embedding; size: number } {
  if ('featureSize' in input) return { size: input.featureSize }
  if ('height' in input) return { size: input.width * (input.channels ?? 3) }
  return { embedding: new Embedding({ numEmbeddings: input.vocabSize, embeddingSize }, rng), size: embeddingSize }
}

/**
 * The steps of an input as vectors.
 *
 * @param source tokens [B, T] of int32 with an embedding; otherwise vectors [B, T, I], or pictures [B, H, W, C], top row first
 * @returns [B, T, I]
 */
export function readInput(where: string, embedding: Embedding | undefined, source: tf.Tensor): tf.Tensor {
  if (embedding !== undefined) {
    if (source.rank === 2) return embedding.forward(source)
    throw new HeddleError('shape', `${where}: expected token ids [B, T], got [${source.shape}].`)
  }
  if (source.rank === 3) return source
  if (source.rank === 4) return tf.reshape(source, [source.shape[0]!, source.shape[1]!, -1]) // [B, H, W·C]
  throw new HeddleError(
    'shape',
    `${where}: expected vectors [B, T, I] or pictures [B, H, W, C], got [${source.shape}].`,
  )
}
