import type { RawTensor } from './raw-tensor.ts'

/** Tensors by name that are read one by one, so that no more than one of them need be in memory. */
export interface TensorSource {
  /** Dtype and shape of every tensor. */
  readonly tensors: ReadonlyMap<string, Pick<RawTensor, 'dtype' | 'shape'>>
  /** The tensor of a name that `tensors` has; its bytes belong to the caller. */
  read(name: string): Promise<RawTensor>
}

/** Tensors in memory as a source. */
export const sourceOfTensors = (tensors: ReadonlyMap<string, RawTensor>): TensorSource => ({
  tensors,
  read: async (name) => {
    const tensor = tensors.get(name)!
    return { ...tensor, bytes: tensor.bytes.slice() }
  },
})
