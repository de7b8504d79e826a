import { HeddleError } from '@heddle/core'
import type { LogitsProcessor } from '../logits-processor.ts'

/**
 * Keeps the tokens whose probability is at least p times that of the most probable one.
 *
 * @see Nguyen et al. 2024, "Turning up the heat: min-p sampling for creative and coherent LLM outputs"
 */
export function minP(p: number): LogitsProcessor {
  if (!(p >= 0 && p <= 1)) throw new HeddleError('config', `minP: expected a number in [0, 1], got ${p}.`)
  return (logits) => {
    let largest = Number.NEGATIVE_INFINITY
    for (let i = 0; i < logits.length; i++) largest = Math.max(largest, logits[i]!)
    const threshold = largest + Math.log(p)
    for (let i = 0; i < logits.length; i++) if (logits[i]! < threshold) logits[i] = Number.NEGATIVE_INFINITY
  }
}
