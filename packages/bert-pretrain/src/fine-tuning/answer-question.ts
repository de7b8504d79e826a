import { type Module, setTraining } from '@heddle/layers'
import type { Tokenizer } from '@heddle/tokenizer'
import * as tf from '@tensorflow/tfjs-core'
import { answerSpans, bestSpans, type Span } from './answer-spans.ts'
import { encodeWindows, tokenTensors } from './encoded-texts.ts'

// B windows, T time

/** A model that scores each token as the start and as the end of an answer. */
export interface QuestionAnsweringModel extends Module {
  /** @returns logits [B, T] each */
  forward(ids: tf.Tensor, lengths?: tf.Tensor, segments?: tf.Tensor): { startLogits: tf.Tensor; endLogits: tf.Tensor }
}

export interface Question {
  readonly question: string
  readonly context: string
}

export interface Answer {
  readonly answer: string
  /** Softmax of the sums of logits over the answers that were considered, and over "no answer" where that may be. */
  readonly probability: number
  /** Sum of the logits of start and end. */
  readonly score: number
  /** Range in the context, in UTF-16 units; 0 and 0 for no answer. */
  readonly start: number
  readonly end: number
}

export interface AnswerOptions {
  /** Largest number of tokens that the model reads. */
  readonly maxLength: number
  /** Number of tokens that windows of a longer context share (default: a quarter of maxLength). */
  readonly stride?: number
  /** Largest number of tokens of an answer (default 30). */
  readonly maxAnswerLength?: number
  /** Number of answers (default 1). */
  readonly top?: number
  /** Whether the context may have no answer, as in SQuAD 2 (default false). */
  readonly mayHaveNone?: boolean
}

const CONSIDERED = 20

/** The best answers to a question, the best first. A context that is longer than the model reads is read in windows. */
export async function answerQuestion(
  model: QuestionAnsweringModel,
  tokenizer: Tokenizer,
  { question, context }: Question,
  options: AnswerOptions,
): Promise<Answer[]> {
  const { maxLength, stride = Math.floor(maxLength / 4), maxAnswerLength = 30, top = 1, mayHaveNone = false } = options
  const windows = encodeWindows(tokenizer, [question, context], { maxLength, stride })
  setTraining(model, false)
  const spans: Span[][] = []
  let none = Number.POSITIVE_INFINITY
  for (const window of windows) {
    const { startLogits, endLogits } = tf.tidy(() => {
      const { ids, lengths, segments } = tokenTensors([window], tokenizer)
      return model.forward(ids, lengths, segments)
    })
    const [starts, ends] = await Promise.all([startLogits.data(), endLogits.data()])
    tf.dispose([startLogits, endLogits])
    spans.push(answerSpans(window, starts, ends, { maxAnswerLength, top: Math.max(top, CONSIDERED) }))
    // The first token stands for no answer; the window that is least sure of it decides.
    none = Math.min(none, starts[0]! + ends[0]!)
  }
  const found = bestSpans(spans, Math.max(top, CONSIDERED))
  if (mayHaveNone) found.push({ score: none, start: 0, end: 0 })
  return withProbabilities(found, context)
    .sort((a, b) => b.score - a.score)
    .slice(0, top)
}

function withProbabilities(spans: readonly Span[], context: string): Answer[] {
  const highest = Math.max(...spans.map(({ score }) => score))
  const weights = spans.map(({ score }) => Math.exp(score - highest))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return spans.map((span, i) => ({
    answer: context.slice(span.start, span.end),
    probability: weights[i]! / sum,
    ...span,
  }))
}
