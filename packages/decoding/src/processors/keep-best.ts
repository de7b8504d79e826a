import { HeddleError } from '@heddle/core'

/** Number of most probable tokens that a sampler keeps, however improbable they are. */
export interface KeepOptions {
  /** Default 1. */
  readonly minTokensToKeep?: number | undefined
}

/** @throws HeddleError `config` */
export function minTokensOf(where: string, { minTokensToKeep = 1 }: KeepOptions): number {
  if (!Number.isSafeInteger(minTokensToKeep) || minTokensToKeep < 1) {
    throw new HeddleError(
      'config',
      `${where}: expected minTokensToKeep to be a whole number above 0, got ${minTokensToKeep}.`,
    )
  }
  return minTokensToKeep
}

/** Returns the `count`-th largest of some logits; the smallest when there are fewer. */
export function largestLogit(logits: Float32Array, count: number): number {
  if (count > 1) return logits.toSorted()[Math.max(0, logits.length - count)]!
  let largest = Number.NEGATIVE_INFINITY
  for (let i = 0; i < logits.length; i++) largest = Math.max(largest, logits[i]!)
  return largest
}

/** Forbids the tokens whose probability is below `threshold`, except the `count` most probable ones and their equals. */
export function cutBelow(logits: Float32Array, probabilities: Float32Array, threshold: number, count: number): void {
  const kept = largestLogit(logits, count)
  for (let i = 0; i < logits.length; i++) {
    if (probabilities[i]! < threshold && logits[i]! < kept) logits[i] = Number.NEGATIVE_INFINITY
  }
}
