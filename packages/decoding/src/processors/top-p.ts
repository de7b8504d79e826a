import { HeddleError } from '@heddle/core'
import type { LogitsProcessor } from '../logits-processor.ts'
import { softmax } from '../softmax.ts'
import { type KeepOptions, minTokensOf } from './keep-best.ts'

/**
 * Nucleus sampling: keeps the smallest set of most probable tokens whose probabilities sum to at least p.
 *
 * @see Holtzman et al. 2020, "The curious case of neural text degeneration"
 */
export function topP(p: number, options: KeepOptions = {}): LogitsProcessor {
  if (!(p > 0 && p <= 1)) throw new HeddleError('config', `topP: expected a number in (0, 1], got ${p}.`)
  const count = minTokensOf('topP', options)
  return (logits) => {
    if (p === 1) return
    const probabilities = softmax(logits)
    const sorted = probabilities.toSorted() // ascending
    let sum = 0
    let last = sorted.length - 1
    for (; last >= 0; last--) {
      sum += sorted[last]!
      if (sum >= p) break
    }
    last = Math.max(0, Math.min(last, sorted.length - count))
    const threshold = sorted[last]!
    // Of several tokens exactly at the threshold, the set has room for some only.
    let room = 0
    for (let i = last; i < sorted.length && sorted[i] === threshold; i++) room++
    for (let i = 0; i < logits.length; i++) {
      const kept = probabilities[i]! > threshold || (probabilities[i] === threshold && room-- > 0)
      if (!kept) logits[i] = Number.NEGATIVE_INFINITY
    }
  }
}
