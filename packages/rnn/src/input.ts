import { HeddleError, type RandomStream } from '@heddle/core'
import { Embedding } from '@heddle/layers'
import type * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'

// B batch, T time, I size of a step

/** What a sequence model reads: tokens, looked up in a table, or steps that are vectors already. */
export const sequenceInput = z
  .union([
    z.strictObject({
      vocabSize: z.int().min(1).describe('number of tokens'),
      embeddingSize: z.int().min(1).describe('size of a token vector'),
    }),
    z.strictObject({ featureSize: z.int().min(1).describe('features of a step, such as the pixels of a row') }),
  ])
  .describe('tokens { vocabSize, embeddingSize } or vectors { featureSize }')
export type SequenceInput = z.input<typeof sequenceInput>

/** The table that an input of tokens needs, and the size of a step. */
export function inputLayer(input: SequenceInput, rng: RandomStream): { embedding?: Embedding; size: number } {
  if ('featureSize' in input) return { size: input.featureSize }
  const { vocabSize, embeddingSize } = input
  return { embedding: new Embedding({ numEmbeddings: vocabSize, embeddingSize }, rng), size: embeddingSize }
}

/**
 * The steps of an input as vectors.
 *
 * @param source [B, T] of int32 with an embedding, else [B, T, I]
 * @returns [B, T, I]
 */
export function readInput(where: string, embedding: Embedding | undefined, source: tf.Tensor): tf.Tensor {
  const rank = embedding === undefined ? 3 : 2
  if (source.rank !== rank) {
    throw new HeddleError(
      'shape',
      `${where}: expected ${rank === 2 ? 'token ids [B, T]' : 'vectors [B, T, I]'}, got [${source.shape}].`,
    )
  }
  return embedding === undefined ? source : embedding.forward(source)
}
