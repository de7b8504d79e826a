/** The row that a processor changes, besides its logits. */
export interface ProcessorContext {
  /** The prompt and the tokens so far. */
  readonly history: readonly number[]
  /** Number of these that were decoded; the others are the prompt. */
  readonly generated: number
}

/**
 * Changes one row of logits [V] (or of log probabilities, in beam search) in place before a token is chosen; -Infinity
 * forbids a token.
 */
export type LogitsProcessor = (logits: Float32Array, context: ProcessorContext) => void

/** Applies processors one after the other. */
export const composeProcessors =
  (processors: readonly LogitsProcessor[]): LogitsProcessor =>
  (logits, context) => {
    for (const process of processors) process(logits, context)
  }
