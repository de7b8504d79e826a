import type { LogitsProcessor } from '../logits-processor.ts'

/** Forbids tokens at every step, such as padding and the unknown symbol. */
export function forbidTokens(tokens: readonly number[]): LogitsProcessor {
  return (logits) => {
    for (const token of tokens) logits[token] = Number.NEGATIVE_INFINITY
  }
}
