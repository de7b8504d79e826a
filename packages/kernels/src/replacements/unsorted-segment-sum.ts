import { UnsortedSegmentSum } from '@tensorflow/tfjs-core'
import { defineKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { sizeOf } from '../heap.ts'

// I ids, D elements of a row, S segments

/**
 * `tf.unsortedSegmentSum`, the gradient of `tf.gather`: rows of x [I, ...] added into [S, ...] by their segment id.
 *
 * Negative ids and ids from S on are dropped, as in TensorFlow.
 */
export const unsortedSegmentSum = defineKernel(UnsortedSegmentSum, ({ inputs, attrs, heap, run }) => {
  const { x, segmentIds } = inputs as Record<'x' | 'segmentIds', NonNullable<(typeof inputs)[string]>>
  const S = attrs['numSegments'] as number
  const I = sizeOf(segmentIds.shape)
  const leading = x.shape.slice(0, segmentIds.shape.length)
  if (segmentIds.dtype !== 'int32' || leading.some((size, i) => size !== segmentIds.shape[i]) || !(S >= 0)) {
    throw new KernelError(
      'shape',
      `unsortedSegmentSum: expected x [${segmentIds.shape}, ...] and int32 segment ids, got x [${x.shape}] and ${segmentIds.dtype} [${segmentIds.shape}] with ${S} segments.`,
    )
  }
  const shape = [S, ...x.shape.slice(segmentIds.shape.length)]
  if (x.dtype === 'int32' || x.dtype === 'bool') {
    const integers = x.dtype === 'bool' ? run('Cast', { x }, { dtype: 'int32' }) : x
    const out = heap.makeOutput(shape, 'int32')
    sumIntegers(heap.ints(integers), heap.ints(segmentIds), heap.ints(out), S)
    if (integers !== x) heap.dispose(integers)
    return out
  }
  if (x.dtype !== 'float32') {
    throw new KernelError('shape', `unsortedSegmentSum: expected float32, int32 or bool, got ${x.dtype}. Cast it.`)
  }
  const out = heap.makeOutput(shape)
  const D = I === 0 ? 0 : sizeOf(x.shape) / I
  if (D === 0) heap.floats(out).fill(0)
  else {
    heap.exports.segmentSum({
      count: I,
      size: D,
      segments: S,
      x: heap.addressOf(x),
      ids: heap.addressOf(segmentIds),
      out: heap.addressOf(out),
    })
  }
  return out
})

function sumIntegers(x: Int32Array, ids: Int32Array, out: Int32Array, segments: number): void {
  out.fill(0)
  const size = ids.length === 0 ? 0 : x.length / ids.length
  ids.forEach((id, i) => {
    if (id < 0 || id >= segments) return
    for (let d = 0; d < size; d++) out[id * size + d]! += x[i * size + d]!
  })
}
