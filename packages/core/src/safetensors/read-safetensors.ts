import type { RawTensor } from './raw-tensor.ts'
import { headerEnd, PREFIX_BYTES, readHeader } from './safetensors-header.ts'

export interface SafetensorsFile {
  readonly tensors: Map<string, RawTensor>
  /** The `__metadata__` entry: free text by key. */
  readonly metadata: Readonly<Record<string, string>>
}

/**
 * Reads the bytes of a .safetensors file. The tensors are views into `file`: nothing is copied.
 *
 * Everything is checked before anything is returned: header size, JSON, duplicate keys, shapes, byte lengths, and that the tensors
 * cover the data without holes or overlaps. A tensor of a dtype that cannot be read here is kept as bytes.
 *
 * @param where the file's name, for messages
 * @throws HeddleError `format`
 * @see https://github.com/huggingface/safetensors#format
 */
export function readSafetensors(file: Uint8Array, where = 'safetensors'): SafetensorsFile {
  const dataStart = headerEnd(file.subarray(0, PREFIX_BYTES), file.byteLength, where)
  const { entries, metadata } = readHeader(file.subarray(PREFIX_BYTES, dataStart), dataStart, file.byteLength, where)
  const tensors = new Map<string, RawTensor>()
  for (const [name, { dtype, shape, begin, end }] of entries) {
    tensors.set(name, { dtype, shape, bytes: file.subarray(begin, end) })
  }
  return { tensors, metadata }
}
