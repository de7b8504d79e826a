import type { Encoding, Tokenizer } from '@heddle/tokenizer'
import type { Question } from '../fine-tuning/answer-question.ts'
import { encodeWindows } from '../fine-tuning/encoded-texts.ts'
import type { AnsweredQuestion } from '../fine-tuning/read-squad.ts'

export interface WindowSettings {
  readonly maxLength: number
  readonly stride: number
  /** Tokens of a question that are read. */
  readonly maxQuestionLength: number
}

/** A question with as much of its context as the model reads, and the tokens of the answer there. */
export interface QuestionWindow {
  readonly ids: Int32Array
  readonly segments: Int32Array
  /** First and last token of the answer; 0, the first token of all, where the window does not hold it. */
  readonly start: number
  readonly end: number
}

/** A question that is cut to its first tokens, so that it leaves room for its context. */
export function cutQuestion(tokenizer: Tokenizer, { question, context }: Question, most: number): Question {
  const { offsets } = tokenizer.encode(question, undefined, { addSpecialTokens: false })
  return { question: offsets.length > most ? question.slice(0, offsets[most - 1]![1]) : question, context }
}

/** The windows of a question with the first of its answers. */
export function questionWindows(
  tokenizer: Tokenizer,
  asked: AnsweredQuestion,
  { maxLength, stride, maxQuestionLength }: WindowSettings,
): QuestionWindow[] {
  const { question, context } = cutQuestion(tokenizer, asked, maxQuestionLength)
  const windows = encodeWindows(tokenizer, [question, context], { maxLength, stride })
  return windows.map((window) => ({
    ids: Int32Array.from(window.ids),
    segments: Int32Array.from(window.typeIds),
    ...answerTokens(window, asked.answers[0]),
  }))
}

function answerTokens(
  { offsets, sequenceIds }: Encoding,
  answer: { readonly start: number; readonly end: number } | undefined,
): { start: number; end: number } {
  const none = { start: 0, end: 0 }
  if (answer === undefined) return none
  const isContext = (t: number) => sequenceIds[t] === 1
  const tokens = [...offsets.keys()].filter(isContext)
  const start = tokens.find((t) => offsets[t]![1] > answer.start)
  const end = tokens.findLast((t) => offsets[t]![0] < answer.end)
  if (start === undefined || end === undefined || end < start) return none
  // Of an answer that is cut off, no part is right.
  const isWhole = offsets[start]![0] <= answer.start && offsets[end]![1] >= answer.end
  return isWhole ? { start, end } : none
}
