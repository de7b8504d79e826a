import { engine, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { sizeOf } from '../heap.ts'

/**
 * 'HeddleDropout': elements become 0 with probability `rate` and are otherwise divided by 1 - rate.
 *
 * Input x; attributes rate, key (two 32-bit words). Element 4i + j is kept when word j of Philox4x32-10 with the counter
 * [i, 0, 0, 0] is at least rate·2^32. No mask is kept: the gradient is the same operation.
 *
 * @see Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"
 */
export const dropout = defineKernel(
  'HeddleDropout',
  ({ inputs, attrs, heap }) => {
    const x = inputs['x'] as TensorInfo
    const { rate, key } = attrs as unknown as { rate: number; key: readonly [number, number] }
    if (x.dtype !== 'float32') {
      throw new KernelError('shape', `dropout: expected x float32, got ${x.dtype} [${x.shape}]. Cast it.`)
    }
    const y = heap.makeOutput(x.shape)
    const threshold = Math.ceil(rate * 2 ** 32)
    const scale = threshold < 2 ** 32 ? 1 / (1 - rate) : 0
    heap.exports.dropout({
      size: sizeOf(x.shape),
      x: heap.addressOf(x),
      y: heap.addressOf(y),
      key,
      threshold,
      scale,
    })
    return [y]
  },
  {
    gradFunc: (dy, _, attrs) => ({
      x: () => {
        const [dx] = engine().runKernel('HeddleDropout', { x: dy as Tensor }, attrs) as unknown as [Tensor]
        return dx
      },
    }),
  },
)
