import { engine, type TensorInfo } from '@tensorflow/tfjs-core'
import { KernelError } from '../errors.ts'
import { type Heap, sizeOf } from '../heap.ts'

/** Whether tfjs records a gradient now, so that a kernel has to keep what its gradient will need. */
export function isRecording(): boolean {
  return engine().state.gradientDepth > 0
}

/**
 * Memory of `words` 32-bit words that a kernel returns as an extra output, for its gradient alone.
 *
 * tfjs makes a zero tensor of an output's shape for every output that the loss does not depend on; so the tensor that
 * stands for the memory says that it is empty: its shape is [0, ...notes], where the notes are sizes that the gradient needs.
 */
export function makeWorkspace(heap: Heap, words: number, notes: readonly number[] = []): TensorInfo {
  return { ...heap.makeOutput([words]), shape: [0, ...notes] }
}

/** The memory of a tensor, of a workspace too, under another shape. Both are to be disposed. */
export function shareAs(heap: Heap, tensor: TensorInfo, shape: readonly number[]): TensorInfo {
  heap.backend.incRef(tensor.dataId)
  return { ...tensor, shape: [...shape] }
}

/** Calls `body` with the tensors as matrices [N, size of the last axis], in the same memory. */
export function withRows<T>(heap: Heap, tensors: readonly TensorInfo[], body: (rows: TensorInfo[]) => T): T {
  const rows = tensors.map((tensor) => {
    const size = tensor.shape.at(-1)!
    return shareAs(heap, tensor, [sizeOf(tensor.shape.slice(0, -1)), size])
  })
  try {
    return body(rows)
  } finally {
    for (const tensor of rows) heap.dispose(tensor)
  }
}

export function copyOf(heap: Heap, tensor: TensorInfo): TensorInfo {
  const copy = heap.makeOutput(tensor.shape, tensor.dtype)
  heap.floats(copy).set(heap.floats(tensor))
  return copy
}

const usedUp = new WeakSet<object>()

/**
 * Marks what a forward pass has kept as overwritten by its gradient.
 *
 * @throws HeddleError `usage` when it was so already: a gradient that is taken twice
 */
export function useUp(where: string, heap: Heap, work: TensorInfo): void {
  const data = heap.backend.dataIdMap.get(work.dataId)
  if (usedUp.has(data)) {
    throw new KernelError('usage', `${where}: expected its gradient to be taken once, got a second time. Run it again.`)
  }
  usedUp.add(data)
}
