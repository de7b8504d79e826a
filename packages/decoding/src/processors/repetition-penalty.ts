import { HeddleError } from '@heddle/core'
import type { LogitsProcessor } from '../logits-processor.ts'

/**
 * Makes tokens of the history (the prompt included) less likely: a positive logit is divided by the penalty, a negative one
 * multiplied by it.
 *
 * @see Keskar et al. 2019, "CTRL: a conditional Transformer language model for controllable generation"
 */
export function repetitionPenalty(penalty: number): LogitsProcessor {
  if (!(penalty > 0)) {
    throw new HeddleError('config', `repetitionPenalty: expected a number above 0, got ${penalty}.`)
  }
  return (logits, { history }) => {
    for (const token of new Set(history)) {
      const logit = logits[token]
      if (logit !== undefined) logits[token] = logit < 0 ? logit * penalty : logit / penalty
    }
  }
}
