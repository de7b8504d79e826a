import { HeddleError } from '@heddle/core'
import type { LogitsProcessor } from '../logits-processor.ts'
import { type KeepOptions, largestLogit, minTokensOf } from './keep-best.ts'

/**
 * Keeps the tokens whose probability is at least p times that of the most probable one.
 *
 * @see Nguyen et al. 2024, "Turning up the heat: min-p sampling for creative and coherent LLM outputs"
 */
export function minP(p: number, options: KeepOptions = {}): LogitsProcessor {
  if (!(p >= 0 && p <= 1)) throw new HeddleError('config', `minP: expected a number in [0, 1], got ${p}.`)
  const count = minTokensOf('minP', options)
  return (logits) => {
    const largest = largestLogit(logits, 1)
    const threshold = Math.min(largest + Math.log(p), count === 1 ? largest : largestLogit(logits, count))
    for (let i = 0; i < logits.length; i++) if (logits[i]! < threshold) logits[i] = Number.NEGATIVE_INFINITY
  }
}
