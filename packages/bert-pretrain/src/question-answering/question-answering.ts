import type { FileFolder } from '@heddle/core'
import {
  type Abortable,
  type Asset,
  type Baseline,
  dataMeasuring,
  defineTask,
  type EvaluateOptions,
  type FromPretrainedOptions,
  joinPair,
  judging,
  learnWordPieces,
  measureTexts,
  ownMetrics,
  type Pipeline,
  part,
  readPairText,
  type SamplesExhibit,
  specialTokensAsText,
  splitAtRandom,
  taskFromPretrained,
  textReading,
  tokenizerAsset,
  tokenTable,
  trainingFields,
  wordPieceSettings,
} from '@heddle/tasks'
import type { Tokenizer } from '@heddle/tokenizer'
import * as z from 'zod'
import { splitSentences } from '../corpus/split-sentences.ts'
import {
  type Answer,
  answerQuestions,
  type Question,
  type QuestionAnsweringModel,
} from '../fine-tuning/answer-question.ts'
import type { AnsweredQuestion } from '../fine-tuning/read-squad.ts'
import { scoreAnswers } from '../fine-tuning/squad-metrics.ts'
import { ANSWER_METRICS, AnswerLearning } from './answer-learning.ts'
import { answering, answerRow, type QuestionAnswerer } from './answering.ts'
import { cutQuestion } from './question-windows.ts'
import { QUESTION_COLUMNS, readQuestionInputs } from './read-question-inputs.ts'

const SHOWN = 12

const config = z.strictObject({
  model: part
    .prefault({ type: 'bert-question-answering', encoder: { type: 'bert', pooling: 'first' } })
    .describe('a model that scores tokens as start and end of an answer: its type and settings'),
  tokenizer: wordPieceSettings('questions and texts'),
  maxLength: z
    .int()
    .min(16)
    .default(384)
    .describe('tokens of a question with its text that are read at once; a longer text is read in windows'),
  stride: z.int().min(0).default(128).describe('tokens that the windows of a longer text share'),
  maxQuestionLength: z.int().min(1).default(64).describe('tokens of a question that are read'),
  maxAnswerLength: z.int().min(1).default(30).describe('tokens of the longest answer'),
  noAnswer: z
    .enum(['auto', 'never', 'allowed'])
    .default('auto')
    .describe("whether a text may have no answer; 'auto': if the training examples have such questions"),
  training: z
    .strictObject({ ...trainingFields, monitor: trainingFields.monitor.default('f1') })
    .prefault({})
    .describe('steps, batches, learning rate and validation'),
  metrics: ownMetrics,
})

interface Assets {
  readonly tokenizer: Tokenizer
  readonly mayHaveNone: boolean
}

const mayHaveNoneAsset: Asset<boolean> = {
  file: 'answers.json',
  toJSON: (mayHaveNone) => ({ mayHaveNone }),
  fromJSON: (json) => (json as { mayHaveNone?: unknown } | null)?.mayHaveNone === true,
  covers: (saved, learned) => saved || !learned,
}

export interface QuestionAnsweringPipeline
  extends Pipeline<AnsweredQuestion, Question, readonly Answer[]>,
    QuestionAnswerer {}

const task = defineTask({
  name: 'question-answering',
  summary: 'the part of a text that answers a question',
  unit: 'windows',
  config,
  assets: { tokenizer: tokenizerAsset(), mayHaveNone: mayHaveNoneAsset },

  learn: async (train: readonly AnsweredQuestion[], { tokenizer, noAnswer }, options): Promise<Assets> => ({
    mayHaveNone: noAnswer === 'auto' ? train.some(({ answers }) => answers.length === 0) : noAnswer === 'allowed',
    tokenizer: specialTokensAsText(
      await learnWordPieces(
        [...new Set(train.map(({ context }) => context)), ...train.map(({ question }) => question)],
        tokenizer,
        options,
      ),
    ),
  }),

  sizes: ({ tokenizer }) => ({ input: { vocabSize: tokenizer.vocabSize } }),

  facts: ({ question, context, answers }) => ({
    input: joinPair(question, context),
    answer: answers[0]?.text ?? '',
    texts: [question, context],
  }),

  // All questions about a text stay in one part.
  split: (examples, settings, seed) => splitAtRandom(examples, settings, seed, ({ context }) => context),

  count: (examples) => `${examples.length.toLocaleString('en')} questions`,

  pipeline({ model: built, assets: { tokenizer, mayHaveNone }, config }): QuestionAnsweringPipeline {
    const model = built as QuestionAnsweringModel
    const { encoder } = model as { readonly encoder?: { readonly maxPositions?: number } }
    const maxLength = Math.min(config.maxLength, encoder?.maxPositions ?? Number.POSITIVE_INFINITY)
    const maxQuestionLength = Math.min(config.maxQuestionLength, Math.floor(maxLength / 2))
    const stride = Math.min(config.stride, Math.floor((maxLength - maxQuestionLength) / 2))
    const settings = { ...config, maxLength, stride, maxQuestionLength, mayHaveNone }
    const answer = (questions: readonly Question[], top = 3, options?: EvaluateOptions) =>
      answerQuestions(
        model,
        tokenizer,
        questions.map((each) => cutQuestion(tokenizer, each, maxQuestionLength)),
        { ...settings, top, ...options },
      )
    const { batchSize } = config.training
    const learning = new AnswerLearning({ model, tokenizer, windows: settings, batchSize, answer })
    return {
      learning,
      ...tokenTable(built, tokenizer),
      metrics: ANSWER_METRICS,
      answer,
      evaluate: (examples, options) => learning.evaluate(examples, options),
      predict: (questions, options) => answer(questions, undefined, options),
      input: {
        kind: 'pair',
        columns: QUESTION_COLUMNS,
        read: ([question, context]) => ({ question, context }),
        readAll: readQuestionInputs,
      },
      format: ([best]) =>
        best === undefined || best.answer === ''
          ? '(no answer)'
          : `${best.answer} (${Math.round(100 * best.probability)} %)`,
      row: ([best]) => answerRow(best),
      async demonstrate(unseen, rng, options): Promise<SamplesExhibit[]> {
        const examples = rng.shuffled(unseen).slice(0, SHOWN)
        const found = await answer(examples, 1, options)
        const samples = examples.map(({ question, context, answers }, i) => ({
          input: joinPair(question, context),
          output: found[i]![0]?.answer || '(no answer)',
          expected: answers[0]?.text ?? '(no answer)',
        }))
        return [{ kind: 'samples', title: 'Unseen questions', samples }]
      },
      abilities: [
        answering.of({ answer }),
        // A longer text is read in windows, so that there is no limit.
        dataMeasuring.of({
          measure: ({ question, context }: AnsweredQuestion) => measureTexts(tokenizer, [question, context]),
        }),
        textReading.of({
          read: (line) => readPairText(model, tokenizer, line),
          textOf: ({ question, context }: AnsweredQuestion) => joinPair(question, context),
        }),
        judging.of({
          async judge(examples: readonly AnsweredQuestion[], options?: Abortable) {
            const found = await answer(examples, 1, options)
            return examples.map(({ id, question, answers }, i) => {
              const [best] = found[i]!
              const gold = answers.map(({ text }) => text)
              return { id, question, gold, prediction: best?.answer ?? '', score: best?.probability ?? 0 }
            })
          },
        }),
      ],
    }
  },
})

/**
 * Extractive question answering: the first and the last token of the answer in a text, or none. A text that is longer than the model
 * reads is read in windows that overlap, and the best answer of all of them counts.
 *
 * `fromPretrained` takes model and tokenizer from a folder of transformers instead; `fit` then fine-tunes it.
 *
 * @see Devlin et al. 2019, "BERT: Pre-training of deep bidirectional Transformers for language understanding", sections 4.2 and 4.3
 */
export const questionAnswering = {
  ...task,
  fromPretrained: (folder: FileFolder, options: Omit<FromPretrainedOptions, 'labels'> & { mayHaveNone?: boolean }) =>
    taskFromPretrained(folder, options, {
      as: 'bert-question-answering',
      files: new Map([['answers.json', mayHaveNoneAsset.toJSON(options.mayHaveNone ?? false)]]),
      create: (settings, saved) => task.create(settings as never, { ...options, saved }),
    }),
}

/** Baseline: the sentence that has most words in common with the question. */
export const nearestSentence: Baseline<AnsweredQuestion> = ({ heldOut }) => {
  const wordsOf = (text: string) => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
  const predicted = heldOut.map(({ question, context }) => {
    const asked = wordsOf(question)
    const common = (sentence: string) => [...wordsOf(sentence)].filter((word) => asked.has(word)).length
    return splitSentences(context).reduce((best, each) => (common(each) > common(best) ? each : best), '')
  })
  const { f1, exactMatch } = scoreAnswers(
    predicted,
    heldOut.map(({ answers }) => answers.map(({ text }) => text)),
  )
  return { f1, exactMatch }
}
