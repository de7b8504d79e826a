import type { TensorInfo } from '@tensorflow/tfjs-core'

const versions = new WeakMap<object, number>()

/** How many times kernels have written over the memory of a tensor. */
export function versionOf({ dataId }: TensorInfo): number {
  return versions.get(dataId) ?? 0
}

/** Tells that a kernel writes over a tensor, so that copies of it in another layout are out of date. */
export function markOverwritten(tensor: TensorInfo): void {
  versions.set(tensor.dataId, versionOf(tensor) + 1)
}
