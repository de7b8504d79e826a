import { HeddleError } from '@heddle/core'
import type { LogitsProcessor } from '../logits-processor.ts'
import { softmax } from '../softmax.ts'
import { cutBelow, type KeepOptions, minTokensOf } from './keep-best.ts'

/**
 * Epsilon sampling: forbids tokens whose probability is below epsilon.
 *
 * @param epsilon between 0 and 1; the paper uses 3e-4 to 9e-4
 * @see Hewitt et al. 2022, "Truncation sampling as language model desmoothing"
 */
export function epsilonCutoff(epsilon: number, options: KeepOptions = {}): LogitsProcessor {
  if (!(epsilon > 0 && epsilon < 1)) {
    throw new HeddleError('config', `epsilonCutoff: expected a number between 0 and 1, got ${epsilon}.`)
  }
  const count = minTokensOf('epsilonCutoff', options)
  return (logits) => cutBelow(logits, softmax(logits), epsilon, count)
}
