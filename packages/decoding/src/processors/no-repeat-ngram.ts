import { HeddleError } from '@heddle/core'
import type { LogitsProcessor } from '../logits-processor.ts'

/**
 * Forbids a token that would complete an n-gram that the history (the prompt included) already holds.
 *
 * @see Paulus et al. 2018, "A deep reinforced model for abstractive summarization"
 */
export function noRepeatNgram(size: number): LogitsProcessor {
  if (!Number.isSafeInteger(size) || size < 1) {
    throw new HeddleError('config', `noRepeatNgram: expected a whole number above 0, got ${size}.`)
  }
  return (logits, { history }) => {
    const start = history.length - (size - 1)
    for (let i = 0; i < start; i++) {
      let same = true
      for (let j = 0; same && j < size - 1; j++) same = history[i + j] === history[start + j]
      if (same) logits[history[i + size - 1]!] = Number.NEGATIVE_INFINITY
    }
  }
}
