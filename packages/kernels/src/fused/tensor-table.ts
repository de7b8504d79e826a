import type { TensorInfo } from '@tensorflow/tfjs-core'
import { KernelError } from '../errors.ts'
import { type TensorTable as TableHead, tensorEntryBytes, writeTensorEntry } from '../generated/exports.ts'
import { type Heap, sizeOf } from '../heap.ts'
import { markOverwritten } from './versions.ts'

/** One tensor of a multi-tensor kernel; addresses and floats that the kernel does not read are left out. */
export interface TableEntry {
  readonly gradient: TensorInfo
  readonly value?: TensorInfo
  readonly m?: TensorInfo
  readonly v?: TensorInfo
  readonly rate?: number
  readonly decay?: number
}

/** A list of tensors in memory, for multi-tensor kernels; the caller disposes `memory`. */
export interface TensorTable {
  readonly memory: TensorInfo
  readonly chunks: number
  /** The arguments by which a kernel finds the table. */
  readonly head: TableHead
}

export function makeTensorTable(heap: Heap, entries: readonly TableEntry[]): TensorTable {
  const chunkSize = heap.exports.chunkElements()
  const memory = heap.makeOutput([(entries.length * tensorEntryBytes) / 4], 'int32')
  const start = heap.addressOf(memory)
  const address = (tensor: TensorInfo | undefined) => (tensor === undefined ? 0 : heap.addressOf(tensor))
  let chunks = 0
  entries.forEach(({ gradient, value, m, v, rate = 0, decay = 0 }, i) => {
    const size = sizeOf(gradient.shape)
    chunks += Math.ceil(size / chunkSize)
    writeTensorEntry(heap.words, start + i * tensorEntryBytes, {
      chunks,
      size,
      rate,
      decay,
      gradient: address(gradient),
      value: address(value),
      m: address(m),
      v: address(v),
    })
  })
  return { memory, chunks, head: { count: entries.length, chunks, entries: start } }
}

/**
 * Marks a tensor as overwritten, and refuses one whose memory another one shares, before a kernel writes into it.
 *
 * @throws HeddleError `usage`
 */
export function takeOwnMemory(where: string, name: string, heap: Heap, tensor: TensorInfo): void {
  const sharers = heap.backend.refCount(tensor.dataId)
  if (sharers > 1) {
    throw new KernelError(
      'usage',
      `${where}: expected ${name} with memory of its own, got one that ${sharers} tensors share. Give it a copy, such as tf.mul(x, 1).`,
    )
  }
  markOverwritten(tensor)
}
