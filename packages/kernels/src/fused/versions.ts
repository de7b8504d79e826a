import type { TensorInfo } from '@tensorflow/tfjs-core'

const versions = new WeakMap<object, number>()

/** Number of times that kernels have overwritten the memory of a tensor. */
export function versionOf({ dataId }: TensorInfo): number {
  return versions.get(dataId) ?? 0
}

/** Records that a kernel overwrites a tensor, so that copies of it in another layout are out of date. */
export function markOverwritten(tensor: TensorInfo): void {
  versions.set(tensor.dataId, versionOf(tensor) + 1)
}
