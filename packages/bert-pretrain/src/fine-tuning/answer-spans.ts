import type { Encoding } from '@heddle/tokenizer'

/** A possible answer: a range of the context. */
export interface Span {
  /** Sum of the logits of its start and end. */
  readonly score: number
  /** Range in the context, in UTF-16 units. */
  readonly start: number
  readonly end: number
}

export interface SpanOptions {
  /** Largest number of tokens of an answer (default 30, as in the script for SQuAD). */
  readonly maxAnswerLength?: number
  /** Number of answers, the best first (default 20). */
  readonly top?: number
}

/**
 * The best answers of one window: start and end in the context, the end not before the start, by the sum of their logits.
 *
 * @param window question and context as one encoding
 * @see Devlin et al. 2019, "BERT", section 4.2
 */
export function answerSpans(
  window: Encoding,
  startLogits: ArrayLike<number>,
  endLogits: ArrayLike<number>,
  { maxAnswerLength = 30, top = 20 }: SpanOptions = {},
): Span[] {
  const { offsets, sequenceIds } = window
  const spans: Span[] = []
  for (const [first, sequence] of sequenceIds.entries()) {
    if (sequence !== 1) continue
    for (let last = first; last < first + maxAnswerLength && sequenceIds[last] === 1; last++) {
      const score = startLogits[first]! + endLogits[last]!
      if (spans.length === top && score <= spans.at(-1)!.score) continue
      const at = spans.findIndex((span) => span.score < score)
      spans.splice(at < 0 ? spans.length : at, 0, { score, start: offsets[first]![0], end: offsets[last]![1] })
      if (spans.length > top) spans.pop()
    }
  }
  return spans
}

/** The best answers of several windows; a range that several have counts once, with its best score. */
export function bestSpans(windows: readonly (readonly Span[])[], top: number): Span[] {
  const best = new Map<string, Span>()
  for (const span of windows.flat()) {
    const key = `${span.start} ${span.end}`
    const known = best.get(key)
    if (known === undefined || known.score < span.score) best.set(key, span)
  }
  return [...best.values()].sort((a, b) => b.score - a.score).slice(0, top)
}
