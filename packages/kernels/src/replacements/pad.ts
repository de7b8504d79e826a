import { MirrorPad, PadV2, type TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, guardKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { sizeOf } from '../heap.ts'
import { copyStrided, elementBytes } from './copy.ts'
import { stridesOf } from './dimensions.ts'

type Paddings = readonly (readonly [before: number, behind: number])[]

function checkPaddings(where: string, x: TensorInfo, paddings: Paddings, most: (i: number) => number): void {
  const fits = paddings.every((pair, i) => pair.every((n) => Number.isInteger(n) && n >= 0 && n <= most(i)))
  if (fits && paddings.length === x.shape.length) return
  throw new KernelError(
    'shape',
    `${where}: expected ${x.shape.length} pairs of paddings that fit [${x.shape}], got [${paddings.map((pair) => `[${pair}]`)}].`,
  )
}

/** `tf.pad` by a constant. tfjs's own kernel writes outside of the result when a padding is negative. */
export const padKernel = defineKernel(PadV2, ({ inputs, attrs, heap }) => {
  const { x } = inputs as { x: TensorInfo }
  const { paddings, constantValue } = attrs as unknown as { paddings: Paddings; constantValue: number }
  checkPaddings('pad', x, paddings, () => Number.POSITIVE_INFINITY)
  const out = heap.makeOutput(
    x.shape.map((n, i) => n + paddings[i]![0] + paddings[i]![1]),
    x.dtype,
  )
  if (sizeOf(out.shape) !== sizeOf(x.shape)) heap.values(out).fill(constantValue)
  const strides = stridesOf(out.shape)
  const offset = strides.reduce((sum, stride, i) => sum + stride * paddings[i]![0], 0)
  const dst = { address: heap.addressOf(out) + elementBytes(x) * offset, strides }
  copyStrided(heap, x.dtype, x.shape, { address: heap.addressOf(x), strides: stridesOf(x.shape) }, dst)
  return out
})

/** `tf.mirrorPad`. tfjs's own kernel reads outside of x when a padding is wider than x. */
export const mirrorPadKernel = guardKernel(MirrorPad, ({ inputs, attrs, stock }) => {
  const { x } = inputs as { x: TensorInfo }
  const { paddings, mode } = attrs as unknown as { paddings: Paddings; mode: 'reflect' | 'symmetric' }
  checkPaddings('mirrorPad', x, paddings, (i) => Math.max(0, x.shape[i]! - (mode === 'reflect' ? 1 : 0)))
  return stock()
})
