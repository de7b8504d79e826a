import { HeddleError } from '../errors.ts'
import { show } from '../show.ts'
import { byteLengthOf, type RawTensor } from './raw-tensor.ts'

/**
 * Writes tensors in their order as the bytes of a .safetensors file. The data start at a multiple of 8.
 *
 * @throws HeddleError `format` when a tensor's bytes do not fit its shape
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, RawTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const entries: [string, unknown][] = Object.keys(metadata).length > 0 ? [['__metadata__', metadata]] : []
  let offset = 0
  for (const [name, { dtype, shape, bytes }] of tensors) {
    if (name === '__metadata__') {
      throw new HeddleError(
        'format',
        "writeSafetensors: expected names other than '__metadata__', got it. Rename the tensor.",
      )
    }
    const expected = byteLengthOf(dtype, shape) ?? bytes.byteLength
    if (bytes.byteLength !== expected) {
      throw new HeddleError(
        'format',
        `writeSafetensors: tensor ${show(name)}: expected ${expected} bytes for ${dtype} [${shape}], got ${bytes.byteLength}. Correct the shape.`,
      )
    }
    entries.push([name, { dtype, shape, data_offsets: [offset, offset + bytes.byteLength] }])
    offset += bytes.byteLength
  }
  // Built by hand so that a tensor may have any name, also one that an object literal would treat specially.
  const json = `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`
  const header = new TextEncoder().encode(json)
  const headerSize = Math.ceil(header.byteLength / 8) * 8
  const file = new Uint8Array(8 + headerSize + offset)
  new DataView(file.buffer).setBigUint64(0, BigInt(headerSize), true)
  file.set(header, 8)
  file.fill(0x20, 8 + header.byteLength, 8 + headerSize)
  let at = 8 + headerSize
  for (const { bytes } of tensors.values()) {
    file.set(bytes, at)
    at += bytes.byteLength
  }
  return file
}
