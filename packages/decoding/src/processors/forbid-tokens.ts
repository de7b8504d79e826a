import type { LogitsProcessor } from '../logits-processor.ts'

/** Forbids tokens at every step, such as padding and the unknown symbol. */
export function forbidTokens(tokens: readonly number[]): LogitsProcessor {
  return (logits) => {
    for (const token of tokens) logits[token] = Number.NEGATIVE_INFINITY
  }
}

/** Forbids tokens as the decoded token number `step`, 0 for the first. */
export function forbidTokensAt(step: number, tokens: readonly number[]): LogitsProcessor {
  const forbid = forbidTokens(tokens)
  return (logits, context) => {
    if (context.generated === step) forbid(logits, context)
  }
}
