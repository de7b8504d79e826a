import { HeddleError } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'

// B batch, Y height, X width, C channels, P patch size, N = (Y / P)·(X / P) patches

/**
 * Cuts images into square patches, row by row, so that an image can be read as a sequence.
 *
 * @param images [B, Y, X, C], Y and X multiples of `size`
 * @param size P, pixels a side
 * @returns [B, N, P·P·C]
 * @see Dosovitskiy et al. 2021, "An image is worth 16x16 words"
 */
export function imagePatches(images: tf.Tensor, size: number): tf.Tensor {
  const [B, Y, X, C] = images.shape as [number, number, number, number]
  if (images.shape.length !== 4 || !Number.isInteger(size) || size < 1 || Y % size !== 0 || X % size !== 0) {
    throw new HeddleError(
      'shape',
      `imagePatches: expected images [B, Y, X, C] with Y and X multiples of ${size}, got [${images.shape}]. Crop or pad them.`,
    )
  }
  const [rows, columns] = [Y / size, X / size]
  const cut = tf.reshape(images, [B, rows, size, columns, size * C])
  return tf.reshape(tf.transpose(cut, [0, 1, 3, 2, 4]), [B, rows * columns, size * size * C]) // [B, N, P·P·C]
}
