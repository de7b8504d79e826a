import { HeddleError } from '@heddle/core'
import type { LogitsProcessor } from '../logits-processor.ts'

/**
 * Allows nothing but given tokens at given steps; they get the logit 0.
 *
 * @param steps number of the decoded token, 0 for the first, with the token or tokens that may stand there
 */
export function forceTokens(steps: ReadonlyMap<number, number | readonly number[]>): LogitsProcessor {
  for (const step of steps.keys()) {
    if (!Number.isSafeInteger(step) || step < 0) {
      throw new HeddleError('config', `forceTokens: expected steps to be whole numbers from 0 on, got ${step}.`)
    }
  }
  return (logits, { generated }) => {
    const forced = steps.get(generated)
    if (forced === undefined) return
    logits.fill(Number.NEGATIVE_INFINITY)
    for (const token of typeof forced === 'number' ? [forced] : forced) logits[token] = 0
  }
}
