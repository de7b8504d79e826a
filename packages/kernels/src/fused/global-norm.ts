import type { TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel } from '../define-kernel.ts'
import { checkTensor } from './check.ts'
import { makeTensorTable } from './tensor-table.ts'

/** 'HeddleGlobalNorm': the L2 norm of all inputs as one vector, a scalar. Sums of chunks are added in double precision. */
export const globalNorm = defineKernel('HeddleGlobalNorm', ({ inputs, heap }) => {
  const tensors = Object.values(inputs) as TensorInfo[]
  tensors.forEach((tensor, i) => {
    checkTensor('globalNorm', `gradient ${i}`, tensor, tensor.shape)
  })
  const out = heap.makeOutput([])
  const table = makeTensorTable(
    heap,
    tensors.map((gradient) => ({ gradient })),
  )
  const sums = heap.makeOutput([2 * table.chunks])
  const norm = heap.exports.globalNorm({ ...table.head, sums: heap.addressOf(sums) })
  heap.dispose(sums)
  heap.dispose(table.memory)
  heap.floats(out)[0] = norm
  return [out]
})
