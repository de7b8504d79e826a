import type { LogitsProcessor } from '../logits-processor.ts'

/** Forbids the end symbols until `length` tokens were decoded (the prompt does not count). */
export function minimumLength(length: number, ends: readonly number[]): LogitsProcessor {
  return (logits, { generated }) => {
    if (generated >= length) return
    for (const end of ends) logits[end] = Number.NEGATIVE_INFINITY
  }
}
