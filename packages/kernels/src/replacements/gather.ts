import { backend_util, GatherV2, type TensorInfo, util } from '@tensorflow/tfjs-core'
import { guardKernel } from '../define-kernel.ts'
import { sizeOf } from '../heap.ts'
import { checkIndices } from './indices.ts'

/** `tf.gather` along any axis. */
export const gatherKernel = guardKernel(GatherV2, ({ inputs, attrs, heap, stock }) => {
  const { x, indices } = inputs as { x: TensorInfo; indices: TensorInfo }
  if (x.dtype === 'string') return stock()
  const axis = util.parseAxisParam(attrs['axis'] as number, x.shape)[0]!
  const info = backend_util.segment_util.collectGatherOpShapeInfo(
    x as never,
    indices as never,
    axis,
    (attrs['batchDims'] as number | undefined) ?? 0,
  )
  const { batchSize, outerSize, dimSize, sliceSize, outputShape } = info
  checkIndices('gather', heap, indices, dimSize)
  const out = heap.makeOutput(outputShape, x.dtype)
  if (sizeOf(outputShape) === 0) return out
  const count = sizeOf(indices.shape) / batchSize
  if (x.dtype === 'bool') {
    const [ids, from, to] = [heap.ints(indices), heap.bytes(x), heap.bytes(out)]
    for (let block = 0; block < batchSize * outerSize; block++) {
      const first = Math.floor(block / outerSize) * count
      for (let i = 0; i < count; i++) {
        const row = block * dimSize + ids[first + i]!
        to.set(from.subarray(row * sliceSize, (row + 1) * sliceSize), (block * count + i) * sliceSize)
      }
    }
    return out
  }
  heap.exports.gatherRows({
    x: heap.addressOf(x),
    ids: heap.addressOf(indices),
    out: heap.addressOf(out),
    count,
    size: sliceSize,
    blocks: batchSize * outerSize,
    blocksOfIds: outerSize,
    rows: dimSize,
  })
  return out
})
