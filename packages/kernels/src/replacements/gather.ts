import { backend_util, GatherV2, type TensorInfo, util } from '@tensorflow/tfjs-core'
import { defineKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { sizeOf } from '../heap.ts'

/** `tf.gather` of 32-bit elements along any axis. */
export const gatherKernel = defineKernel(GatherV2, ({ inputs, attrs, heap, stock }) => {
  const { x, indices } = inputs as { x: TensorInfo; indices: TensorInfo }
  if ((x.dtype !== 'float32' && x.dtype !== 'int32') || indices.dtype !== 'int32') return stock()
  const axis = util.parseAxisParam(attrs['axis'] as number, x.shape)[0]!
  const info = backend_util.segment_util.collectGatherOpShapeInfo(
    x as never,
    indices as never,
    axis,
    (attrs['batchDims'] as number | undefined) ?? 0,
  )
  const { batchSize, outerSize, dimSize, sliceSize, outputShape } = info
  const wrong = heap.ints(indices).find((index) => index < 0 || index >= dimSize)
  if (wrong !== undefined) {
    throw new KernelError('shape', `gather: expected indices from 0 to ${dimSize - 1}, got ${wrong}.`)
  }
  const out = heap.makeOutput(outputShape, x.dtype)
  if (sizeOf(outputShape) === 0) return out
  heap.exports.gatherRows({
    x: heap.addressOf(x),
    ids: heap.addressOf(indices),
    out: heap.addressOf(out),
    count: sizeOf(indices.shape) / batchSize,
    size: sliceSize,
    blocks: batchSize * outerSize,
    blocksOfIds: outerSize,
    rows: dimSize,
  })
  return out
})
