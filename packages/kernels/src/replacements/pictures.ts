import {
  FlipLeftRight,
  ResizeBilinear,
  ResizeBilinearGrad,
  ResizeNearestNeighbor,
  type TensorInfo,
} from '@tensorflow/tfjs-core'
import { guardKernel, type WasmKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { type Heap, sizeOf } from '../heap.ts'

function checkPicture(where: string, image: TensorInfo): void {
  if (image.dtype === 'float32' && image.shape.length === 4) return
  throw new KernelError(
    'shape',
    `${where}: expected float32 [N, H, W, C], got ${image.dtype} [${image.shape}]. Cast it.`,
  )
}

function floatsOf(where: string, heap: Heap, tensor: TensorInfo, shape: readonly (number | undefined)[]): Float32Array {
  const fits = tensor.shape.length === shape.length && shape.every((n, i) => n === undefined || n === tensor.shape[i])
  if (tensor.dtype === 'float32' && fits) return heap.floats(tensor)
  const wanted = shape.map((n) => n ?? '…')
  throw new KernelError('shape', `${where}: expected float32 [${wanted}], got ${tensor.dtype} [${tensor.shape}].`)
}

/** @throws HeddleError `shape` where pixels would have to be made of none */
function checkNotEmpty(where: string, image: TensorInfo, results: number): void {
  const [, height, width] = image.shape as [number, number, number]
  if (results === 0 || height * width > 0) return
  throw new KernelError('shape', `${where}: expected a picture of at least one pixel, got [${image.shape}].`)
}

/** `tf.image.flipLeftRight`, of floats. */
export const flipLeftRight = guardKernel(FlipLeftRight, ({ inputs, stock }) => {
  checkPicture('flipLeftRight', inputs['image']!)
  return stock()
})

/**
 * `tf.image.resizeBilinear` and `resizeNearestNeighbor`: tfjs's own kernels write nothing for a picture without pixels. The
 * nearest neighbor of an integer is an integer.
 */
export const resizeKernels: readonly WasmKernel[] = [ResizeBilinear, ResizeNearestNeighbor].map((name) =>
  guardKernel(name, ({ inputs, attrs, stock, run, heap }) => {
    const { images } = inputs as { images: TensorInfo }
    const [height, width] = attrs['size'] as [number, number]
    const shape = [images.shape[0]!, height, width, images.shape[3]!]
    checkNotEmpty(name, images, sizeOf(shape))
    const integers = images.dtype === 'int32' && name === ResizeNearestNeighbor
    if (sizeOf(shape) === 0) return heap.makeOutput(shape, integers ? 'int32' : 'float32')
    if (!integers) return stock()
    const floats = run('Cast', { x: images }, { dtype: 'float32' })
    const resized = run(name, { images: floats }, attrs)
    const out = run('Cast', { x: resized }, { dtype: 'int32' })
    for (const tensor of [floats, resized]) heap.dispose(tensor)
    return out
  }),
)

/** The gradient of `tf.image.resizeBilinear`, whose kernel believes the sizes of dy. */
export const resizeBilinearGradient = guardKernel(ResizeBilinearGrad, ({ inputs, heap, stock }) => {
  const { images, dy } = inputs as { images: TensorInfo; dy: TensorInfo }
  const [batch, height, width, channels] = images.shape
  const floats = floatsOf('resizeBilinearGrad', heap, dy, [batch, undefined, undefined, channels])
  if (floats.length > 0 && height! * width! > 0) return stock()
  const out = heap.makeOutput(images.shape)
  heap.floats(out).fill(0)
  return out
})
