import { HeddleError } from '@heddle/core'
import type { LogitsProcessor } from '../logits-processor.ts'

/**
 * Forbids sequences of tokens, such as the tokens of bad words: the last token of a sequence is forbidden where the history (the
 * prompt included) ends with all tokens before it.
 *
 * @param sequences lists of one token or more
 */
export function forbidSequences(sequences: readonly (readonly number[])[]): LogitsProcessor {
  if (sequences.some(({ length }) => length === 0)) {
    throw new HeddleError('config', 'forbidSequences: expected sequences of at least one token, got an empty one.')
  }
  return (logits, { history }) => {
    for (const sequence of sequences) {
      const start = history.length - (sequence.length - 1)
      if (start < 0) continue
      let same = true
      for (let i = 0; same && i < sequence.length - 1; i++) same = history[start + i] === sequence[i]
      if (same) logits[sequence.at(-1)!] = Number.NEGATIVE_INFINITY
    }
  }
}
