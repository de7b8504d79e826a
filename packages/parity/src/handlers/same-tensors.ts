import { readSafetensors } from '@heddle/core'
import type { Comparison } from '../comparison.ts'

/** Whether two files hold the same bytes under the same names; their order may differ. */
export function sameTensors(original: Uint8Array, saved: Uint8Array): Comparison {
  const contents = (file: Uint8Array) =>
    [...readSafetensors(file).tensors]
      .map(([name, { dtype, shape, bytes }]) => [name, dtype, shape, Buffer.from(bytes).toString('base64')])
      .sort(([a], [b]) => (a! < b! ? -1 : 1))
  return { name: 'model.safetensors', kind: 'exact', actual: contents(saved), expected: contents(original) }
}
