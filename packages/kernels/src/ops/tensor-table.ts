import type { TensorInfo } from '@tensorflow/tfjs-core'
import { KernelError } from '../errors.ts'
import { floatBits, type Heap, sizeOf } from '../heap.ts'

/** One tensor of a multi-tensor kernel; addresses and floats that the kernel does not read are left out. */
export interface TableEntry {
  readonly gradient: TensorInfo
  readonly value?: TensorInfo
  readonly m?: TensorInfo
  readonly v?: TensorInfo
  readonly rate?: number
  readonly decay?: number
}

/** A list of tensors in the form that assembly/tensor-table.ts reads; the caller disposes `memory`. */
export interface TensorTable {
  readonly memory: TensorInfo
  readonly chunks: number
  /** The first words of the argument block. */
  readonly words: readonly number[]
}

export function makeTensorTable(heap: Heap, entries: readonly TableEntry[]): TensorTable {
  const chunkSize = heap.exports.chunkElements()
  const memory = heap.makeOutput([entries.length * 8], 'int32')
  let chunks = 0
  const address = (tensor: TensorInfo | undefined) => (tensor === undefined ? 0 : heap.addressOf(tensor))
  const table = entries.flatMap(({ gradient, value, m, v, rate = 0, decay = 0 }) => {
    const size = sizeOf(gradient.shape)
    chunks += Math.ceil(size / chunkSize)
    return [
      ...[chunks, size, address(gradient), address(value), address(m), address(v)],
      ...[floatBits(rate), floatBits(decay)],
    ]
  })
  heap.ints(memory).set(table)
  return { memory, chunks, words: [entries.length, chunks, heap.addressOf(memory)] }
}

/**
 * Refuses a tensor whose memory another one shares, before a kernel writes into it.
 *
 * @throws HeddleError `usage`
 */
export function checkOwnMemory(where: string, name: string, heap: Heap, tensor: TensorInfo): void {
  const sharers = heap.backend.refCount(tensor.dataId)
  if (sharers > 1) {
    throw new KernelError(
      'usage',
      `${where}: expected ${name} with memory of its own, got one that ${sharers} tensors share. Give it a copy, such as tf.mul(x, 1).`,
    )
  }
}
