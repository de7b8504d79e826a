import { CropAndResize, type TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { sizeOf } from '../heap.ts'
import { checkIndices } from './indices.ts'
import { bilinear, pixelsOf } from './resample.ts'

// N pictures, H height, W width, C channels, B boxes

/**
 * `tf.image.cropAndResize`. tfjs's own kernel reads foreign memory for a box of a picture that does not exist, and mixes up rows
 * of boxes that are one pixel high. A place that is no number is outside of the picture.
 */
export const cropAndResize = defineKernel(CropAndResize, ({ inputs, attrs, heap, run }) => {
  const { image, boxes, boxInd } = inputs as Record<'image' | 'boxes' | 'boxInd', TensorInfo>
  const { cropSize, method, extrapolationValue } = attrs as unknown as {
    cropSize: readonly [number, number]
    method: 'bilinear' | 'nearest'
    extrapolationValue: number
  }
  const [B] = boxes.shape
  const fits = boxes.dtype === 'float32' && `${boxes.shape}` === `${B},4` && `${boxInd.shape}` === `${B}`
  if (!fits || image.shape.length !== 4) {
    throw new KernelError(
      'shape',
      `cropAndResize: expected an image [N, H, W, C], float32 boxes [B, 4] and their pictures [B], got [${image.shape}], ${boxes.dtype} [${boxes.shape}] and [${boxInd.shape}].`,
    )
  }
  const [N, H, W, C] = image.shape as [number, number, number, number]
  checkIndices('cropAndResize', heap, boxInd, N)
  const floats = image.dtype === 'float32' ? image : run('Cast', { x: image }, { dtype: 'float32' })
  const [height, width] = cropSize
  const out = heap.makeOutput([B!, height, width, C])
  const [values, corners, pictures, to] = [heap.floats(floats), heap.floats(boxes), heap.ints(boxInd), heap.floats(out)]
  to.fill(extrapolationValue)
  if (sizeOf([H, W]) > 0) {
    for (let b = 0; b < B!; b++) {
      const [y1, x1, y2, x2] = corners.subarray(4 * b, 4 * b + 4) as unknown as [number, number, number, number]
      const pixel = pixelsOf(values, image.shape, pictures[b]!, extrapolationValue)
      for (let i = 0; i < height * width; i++) {
        const y = place(y1, y2, H, height, Math.floor(i / width))
        const x = place(x1, x2, W, width, i % width)
        if (!(y >= 0 && y <= H - 1 && x >= 0 && x <= W - 1)) continue
        for (let c = 0; c < C; c++) {
          const value = method === 'nearest' ? pixel(Math.round(y), Math.round(x), c) : bilinear(pixel, y, x, c)
          to[(b * height * width + i) * C + c] = value
        }
      }
    }
  }
  if (floats !== image) heap.dispose(floats)
  return out
})

/** Place of row or column `at` of a crop of `size` in a picture of `length`. */
function place(begin: number, end: number, length: number, size: number, at: number): number {
  if (size === 1) return 0.5 * (begin + end) * (length - 1)
  return begin * (length - 1) + (at * ((end - begin) * (length - 1))) / (size - 1)
}
