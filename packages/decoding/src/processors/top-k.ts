import { HeddleError } from '@heddle/core'
import type { LogitsProcessor } from '../logits-processor.ts'

/**
 * Keeps the k largest logits, and those equal to the k-th.
 *
 * @see Fan et al. 2018, "Hierarchical neural story generation"
 */
export function topK(k: number): LogitsProcessor {
  if (!Number.isSafeInteger(k) || k < 1) {
    throw new HeddleError('config', `topK: expected a whole number above 0, got ${k}.`)
  }
  return (logits) => {
    if (k >= logits.length) return
    const threshold = logits.toSorted()[logits.length - k]!
    for (let i = 0; i < logits.length; i++) if (logits[i]! < threshold) logits[i] = Number.NEGATIVE_INFINITY
  }
}
