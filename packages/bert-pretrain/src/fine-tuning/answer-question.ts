import { periodicYield } from '@heddle/core'
import { type Module, setTraining } from '@heddle/layers'
import type { Encoding, Tokenizer } from '@heddle/tokenizer'
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
/** Number of windows that are read at once. */
const BATCH = 32

/** The best answers to a question, the best first. A context that is longer than the model reads is read in windows. */
export async function answerQuestion(
  model: QuestionAnsweringModel,
  tokenizer: Tokenizer,
  question: Question,
  options: AnswerOptions,
): Promise<Answer[]> {
  const [answers] = await answerQuestions(model, tokenizer, [question], options)
  return answers!
}

export interface AnswersOptions extends AnswerOptions {
  onProgress?(done: number, total: number): void
  readonly signal?: AbortSignal | undefined
}

/** The best answers to each question, see {@link answerQuestion}. */
export async function answerQuestions(
  model: QuestionAnsweringModel,
  tokenizer: Tokenizer,
  questions: readonly Question[],
  options: AnswersOptions,
): Promise<Answer[][]> {
  const { maxLength, stride = Math.floor(maxLength / 4), maxAnswerLength = 30, top = 1, mayHaveNone = false } = options
  const { onProgress, signal } = options
  const considered = Math.max(top, CONSIDERED)
  const yieldNow = periodicYield(signal)
  const windows: { readonly of: number; readonly window: Encoding }[] = []
  for (const [of, { question, context }] of questions.entries()) {
    await yieldNow()
    for (const window of encodeWindows(tokenizer, [question, context], { maxLength, stride }))
      windows.push({ of, window })
  }
  // Windows of similar length share a batch.
  windows.sort((a, b) => a.window.length - b.window.length)
  setTraining(model, false)
  const spans: Span[][][] = questions.map(() => [])
  const none = new Float64Array(questions.length).fill(Number.POSITIVE_INFINITY)
  for (let at = 0; at < windows.length; at += BATCH) {
    await yieldNow()
    const batch = windows.slice(at, at + BATCH)
    const { starts, ends, T } = await logitsOf(
      model,
      tokenizer,
      batch.map(({ window }) => window),
    )
    for (const [b, { of, window }] of batch.entries()) {
      const [ofStart, ofEnd] = [starts.subarray(b * T, (b + 1) * T), ends.subarray(b * T, (b + 1) * T)]
      spans[of]!.push(answerSpans(window, ofStart, ofEnd, { maxAnswerLength, top: considered }))
      // The first token stands for no answer; the window that is least sure of it decides.
      none[of] = Math.min(none[of]!, ofStart[0]! + ofEnd[0]!)
    }
    onProgress?.(at + batch.length, windows.length)
  }
  return questions.map(({ context }, of) => {
    const found = bestSpans(spans[of]!, considered)
    if (mayHaveNone) found.push({ score: none[of]!, start: 0, end: 0 })
    return withProbabilities(found, context)
      .sort((a, b) => b.score - a.score)
      .slice(0, top)
  })
}

async function logitsOf(model: QuestionAnsweringModel, tokenizer: Tokenizer, windows: readonly Encoding[]) {
  const { startLogits, endLogits } = tf.tidy(() => {
    const { ids, lengths, segments } = tokenTensors(windows, tokenizer)
    return model.forward(ids, lengths, segments)
  })
  const T = startLogits.shape[1]!
  try {
    const [starts, ends] = (await Promise.all([startLogits.data(), endLogits.data()])) as [Float32Array, Float32Array]
    return { starts, ends, T }
  } finally {
    tf.dispose([startLogits, endLogits])
  }
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
