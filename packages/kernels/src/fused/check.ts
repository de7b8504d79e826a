import type { DataType, TensorInfo } from '@tensorflow/tfjs-core'
import { KernelError } from '../errors.ts'

/** Refuses a tensor of another dtype or shape before its memory is touched. */
export function checkTensor(
  where: string,
  name: string,
  tensor: TensorInfo | undefined,
  shape: readonly number[],
  dtype: DataType = 'float32',
): asserts tensor is TensorInfo {
  if (
    tensor === undefined ||
    tensor.dtype !== dtype ||
    tensor.shape.length !== shape.length ||
    tensor.shape.some((size, i) => size !== shape[i])
  ) {
    throw new KernelError('shape', `${where}: expected ${name} ${dtype} [${shape}], got ${describe(tensor)}.`)
  }
}

/** Refuses a tensor of another dtype or rank. */
export function checkRank(
  where: string,
  name: string,
  tensor: TensorInfo | undefined,
  axes: string,
  dtype: DataType = 'float32',
): asserts tensor is TensorInfo {
  if (tensor === undefined || tensor.dtype !== dtype || tensor.shape.length !== axes.split(', ').length) {
    throw new KernelError('shape', `${where}: expected ${name} ${dtype} [${axes}], got ${describe(tensor)}.`)
  }
}

function describe(tensor: TensorInfo | undefined): string {
  return tensor === undefined ? 'nothing' : `${tensor.dtype} [${tensor.shape}]`
}
