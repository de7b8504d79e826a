/** softmax(logits) of one row on the host, [V]. */
export function softmax(logits: Float32Array): Float32Array {
  let largest = Number.NEGATIVE_INFINITY
  for (let i = 0; i < logits.length; i++) largest = Math.max(largest, logits[i]!)
  const result = new Float32Array(logits.length)
  let sum = 0
  for (let i = 0; i < logits.length; i++) sum += result[i] = Math.exp(logits[i]! - largest)
  for (let i = 0; i < logits.length; i++) result[i]! /= sum
  return result
}

/** log Σ exp of each row of V numbers, on the host. */
export function logSumExpRows(logits: Float32Array, V: number): Float32Array {
  return Float32Array.from({ length: logits.length / V }, (_, row) => {
    let largest = Number.NEGATIVE_INFINITY
    for (let i = row * V; i < (row + 1) * V; i++) largest = Math.max(largest, logits[i]!)
    if (!Number.isFinite(largest)) return largest
    let sum = 0
    for (let i = row * V; i < (row + 1) * V; i++) sum += Math.exp(logits[i]! - largest)
    return largest + Math.log(sum)
  })
}

/** -Σ p log p, in nats; a probability of 0 adds nothing. */
export function entropy(probabilities: Float32Array): number {
  let sum = 0
  for (let i = 0; i < probabilities.length; i++) {
    const p = probabilities[i]!
    if (p > 0) sum -= p * Math.log(p)
  }
  return sum
}

/** Returns the index of the largest number; the first of equal ones. */
export function argMax(values: ArrayLike<number>): number {
  let best = 0
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i
  return best
}
