/** An IDX file of unsigned bytes. */
export function idxFile(shape: readonly number[], data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * shape.length + data.length)
  bytes.set([0, 0, 8, shape.length])
  const view = new DataView(bytes.buffer)
  for (const [axis, size] of shape.entries()) view.setUint32(4 + 4 * axis, size)
  bytes.set(data, 4 + 4 * shape.length)
  return bytes
}
