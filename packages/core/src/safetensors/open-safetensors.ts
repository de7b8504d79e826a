import { HeddleError } from '../errors.ts'
import type { RandomAccessFile } from '../files.ts'
import type { RawTensor } from './raw-tensor.ts'
import { headerEnd, PREFIX_BYTES, readHeader } from './safetensors-header.ts'
import type { TensorSource } from './tensor-source.ts'

export interface OpenSafetensors extends TensorSource {
  /** The `__metadata__` entry: free text by key. */
  readonly metadata: Readonly<Record<string, string>>
}

/**
 * Opens a .safetensors file: reads and checks its header, and each tensor only when it is asked for. The file stays the caller's to
 * close.
 *
 * @param where the file's name, for messages
 * @throws HeddleError `format`, as {@link readSafetensors}
 */
export async function openSafetensors(file: RandomAccessFile, where = 'safetensors'): Promise<OpenSafetensors> {
  const { size } = file
  const dataStart = headerEnd(await file.read(0, Math.min(PREFIX_BYTES, size)), size, where)
  const { entries, metadata } = readHeader(await file.read(PREFIX_BYTES, dataStart), dataStart, size, where)
  return {
    tensors: entries,
    metadata,
    async read(name): Promise<RawTensor> {
      const { dtype, shape, begin, end } = entries.get(name)!
      const bytes = await file.read(begin, end)
      if (bytes.byteLength === end - begin) return { dtype, shape, bytes }
      throw new HeddleError(
        'format',
        `${where}: expected ${end - begin} bytes of '${name}', got ${bytes.byteLength}: the file has become shorter. Do not change it while it is read.`,
      )
    },
  }
}
