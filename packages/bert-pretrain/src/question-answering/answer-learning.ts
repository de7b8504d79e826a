import { mapInTurns, type RandomStream } from '@heddle/core'
import { BatchSampler, batchesByLength } from '@heddle/data'
import type { MetricInfo } from '@heddle/metrics'
import type { Abortable, EvaluateOptions, StepwiseLearning } from '@heddle/tasks'
import type { Tokenizer } from '@heddle/tokenizer'
import { type BatchSource, validate } from '@heddle/trainer'
import type { Answer, Question, QuestionAnsweringModel } from '../fine-tuning/answer-question.ts'
import { givesSegments, paddingId } from '../fine-tuning/encoded-texts.ts'
import type { AnsweredQuestion } from '../fine-tuning/read-squad.ts'
import { scoreAnswers } from '../fine-tuning/squad-metrics.ts'
import { AnswerObjective } from './answer-objective.ts'
import { type QuestionWindow, questionWindows, type WindowSettings } from './question-windows.ts'

const VALIDATION_BATCH = 64

export const ANSWER_METRICS: readonly MetricInfo[] = [
  { name: 'f1', summary: 'F1 of the words of answers', better: 'higher', percent: true },
  { name: 'exactMatch', summary: 'answers that equal a right one', better: 'higher', percent: true },
  { name: 'loss', summary: 'nats, mean of start and end', better: 'lower' },
]

export interface AnswerLearningOptions {
  readonly model: QuestionAnsweringModel
  readonly tokenizer: Tokenizer
  readonly windows: WindowSettings
  readonly batchSize: number
  /** The best answers to each question. */
  answer(
    questions: readonly Question[],
    top: number,
    options?: EvaluateOptions,
  ): Promise<readonly (readonly Answer[])[]>
}

/** Learns where answers start and end, in windows of texts; questions are judged by the best answer over their windows. */
export class AnswerLearning implements StepwiseLearning<AnsweredQuestion> {
  readonly objective: AnswerObjective
  readonly #options: AnswerLearningOptions

  constructor(options: AnswerLearningOptions) {
    const { model, tokenizer } = options
    this.objective = new AnswerObjective(model, paddingId(tokenizer), givesSegments(tokenizer))
    this.#options = options
  }

  validationMetrics(): readonly string[] {
    return ANSWER_METRICS.map(({ name }) => name)
  }

  async trainingBatches(
    examples: readonly AnsweredQuestion[],
    rng: RandomStream,
    options: Abortable = {},
  ): Promise<BatchSource<QuestionWindow>> {
    const windows = await this.#windows(examples, options)
    const batchSize = Math.min(this.#options.batchSize, windows.length)
    return new BatchSampler(windows, { batchSize, length: lengthOf, dropLast: true, rng })
  }

  async *validationBatches(
    examples: readonly AnsweredQuestion[],
    options: Abortable = {},
  ): AsyncGenerator<QuestionWindow[]> {
    const windows = await this.#windows(examples, options)
    yield* batchesByLength(windows, { batchSize: VALIDATION_BATCH, length: lengthOf })
  }

  validate(examples: readonly AnsweredQuestion[], signal?: AbortSignal): Promise<Record<string, number>> {
    return this.#scores(examples, { signal })
  }

  /** F1 and exact matches. */
  async #scores(examples: readonly AnsweredQuestion[], options?: EvaluateOptions): Promise<Record<string, number>> {
    const found = await this.#options.answer(examples, 1, options)
    const { f1, exactMatch } = scoreAnswers(
      found.map(([best]) => best?.answer ?? ''),
      examples.map(({ answers }) => answers.map(({ text }) => text)),
    )
    return { f1, exactMatch }
  }

  async evaluate(examples: readonly AnsweredQuestion[], options?: EvaluateOptions): Promise<Record<string, number>> {
    const scores = await this.#scores(examples, options)
    const { model } = this.#options
    const batches = this.validationBatches(examples, { signal: options?.signal })
    const { loss } = await validate({
      ...{ model, objective: this.objective, batches },
      ...(options?.signal && { signal: options.signal }),
    })
    return { ...scores, loss: loss!, examples: examples.length }
  }

  async #windows(examples: readonly AnsweredQuestion[], { signal }: Abortable): Promise<QuestionWindow[]> {
    const { tokenizer, windows } = this.#options
    return (await mapInTurns(examples, (example) => questionWindows(tokenizer, example, windows), signal)).flat()
  }
}

const lengthOf = ({ ids }: QuestionWindow) => ids.length
