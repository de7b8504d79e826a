import { Unzlib } from 'fflate'

/** Packed bytes that are inflated at a time. Deflate expands at most 1032 times, so a step gives at most 17 MB. */
const STEP = 16_384

/** Splits bytes into views of at most `STEP` bytes. */
export function* steps(bytes: Uint8Array): Iterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += STEP) yield bytes.subarray(at, at + STEP)
}

/** Joins chunks, cut to `size` bytes. */
export function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(
    Math.min(
      size,
      chunks.reduce((sum, { length }) => sum + length, 0),
    ),
  )
  let at = 0
  for (const chunk of chunks) {
    if (at >= whole.length) break
    whole.set(chunk.subarray(0, whole.length - at), at)
    at += chunk.length
  }
  return whole
}

/**
 * Inflates zlib data up to `size` bytes, and leaves the rest unread. The result is shorter when the data end early.
 *
 * @throws Error for bytes that are not zlib data
 * @see RFC 1950
 */
export function inflate(parts: readonly Uint8Array[], size: number): Uint8Array {
  const chunks: Uint8Array[] = []
  let length = 0
  const stream = new Unzlib((chunk) => {
    chunks.push(chunk)
    length += chunk.length
  })
  for (const part of parts) {
    for (const step of steps(part)) {
      if (length >= size) return joined(chunks, size)
      stream.push(step)
    }
  }
  return joined(chunks, size)
}
