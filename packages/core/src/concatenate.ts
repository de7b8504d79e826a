/** Joins typed arrays one after the other into a new one, such as `concatenate(Int32Array, rows)`. */
export function concatenate<A extends Uint8Array | Int32Array | Float32Array>(
  Type: new (length: number) => A,
  parts: readonly A[],
): A {
  const whole = new Type(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
