import { HeddleError } from '@heddle/core'
import type { LogitsProcessor } from '../logits-processor.ts'
import { entropy, softmax } from '../softmax.ts'
import { cutBelow, type KeepOptions, minTokensOf } from './keep-best.ts'

/**
 * Eta sampling: forbids tokens whose probability is below a threshold that falls as the distribution becomes flatter.
 *
 *     eta = min(epsilon, √epsilon · exp(-entropy))
 *
 * @param epsilon between 0 and 1; the paper uses 3e-4 to 4e-3
 * @see Hewitt et al. 2022, "Truncation sampling as language model desmoothing"
 */
export function etaCutoff(epsilon: number, options: KeepOptions = {}): LogitsProcessor {
  if (!(epsilon > 0 && epsilon < 1)) {
    throw new HeddleError('config', `etaCutoff: expected a number between 0 and 1, got ${epsilon}.`)
  }
  const count = minTokensOf('etaCutoff', options)
  return (logits) => {
    const probabilities = softmax(logits)
    const eta = Math.min(epsilon, Math.sqrt(epsilon) * Math.exp(-entropy(probabilities)))
    cutBelow(logits, probabilities, eta, count)
  }
}
