import { type FileFolder, mapInTurns } from '@heddle/core'
import { PAIR_NAMES } from '@heddle/data'
import { pearson, spearman } from '@heddle/metrics'
import type { Tokenizer } from '@heddle/tokenizer'
import * as z from 'zod'
import { dataMeasuring } from '../check/facts.ts'
import type { SamplesExhibit } from '../exhibits/samples.ts'
import { naiveBayesAccuracy } from '../labeling/baselines.ts'
import type { LabelingModel } from '../labeling/label-objective.ts'
import { Labeling } from '../labeling/labeling.ts'
import { formatLabel, type LabelPrediction, labelPrediction, labelRow, labelsIn } from '../labeling/labels.ts'
import { labelTrainingFields } from '../labeling/settings.ts'
import { splitAtRandom } from '../run/dataset.ts'
import type { Baseline } from '../run/recipe.ts'
import { specialTokensAsText, tokenizerAsset } from '../task/assets.ts'
import { defineTask } from '../task/define-task.ts'
import { type FromPretrainedOptions, taskFromPretrained } from '../task/from-pretrained.ts'
import { learnWordPieces, wordPieceSettings } from '../task/learn-word-pieces.ts'
import type { Abortable, Pipeline } from '../task/pipeline.ts'
import { Scorer } from '../task/scorer.ts'
import { part } from '../task/settings.ts'
import { tokenTable } from '../task/token-table.ts'
import { TextReader } from '../text-classification/text-reader.ts'
import { judging } from '../uses/judge.ts'
import { textReading } from '../uses/read-text.ts'
import { areScores, pairLabelsAsset, SCORE, scoreOf, type TextPairExample } from './pair-target.ts'
import { joinPair, readPairText } from './read-pair-text.ts'
import { ScoreLearning } from './score-learning.ts'

const SHOWN = 16

const config = z.strictObject({
  model: part
    .prefault({ type: 'classifier', encoder: 'bert' })
    .describe('a model that reads tokens with segments and scores labels: its type and settings'),
  targets: z
    .enum(['auto', 'labels', 'scores'])
    .default('auto')
    .describe(
      "prediction for a pair: one of several 'labels', or a number ('scores'); by default 'auto', numbers that are not whole or of more than ten values are scores",
    ),
  tokenizer: wordPieceSettings('the texts'),
  maxLength: z.int().min(8).default(128).describe('tokens of a pair that are read; the longer text is cut first'),
  training: z
    .strictObject({
      ...labelTrainingFields,
      monitor: z
        .string()
        .optional()
        .describe(
          'validation metric by which the best weights and patience are judged (default: accuracy of labels, correlation of scores)',
        ),
    })
    .prefault({})
    .describe('steps, batches, learning rate and validation'),
  metrics: z
    .array(part)
    .default([])
    .describe(
      'metrics of the evaluation, by name (default: accuracy and f1 of labels, pearson and spearman of scores)',
    ),
})

interface Assets {
  readonly tokenizer: Tokenizer
  readonly labels: readonly string[]
}

/** The label of a pair with the probabilities of all, or its score alone. */
export interface PairPrediction {
  readonly label?: string
  readonly score: number
  readonly scores?: Readonly<Record<string, number>>
}

export interface TextPairPipeline extends Pipeline<TextPairExample, readonly [string, string], PairPrediction> {
  /** One alone for pairs that have a score. */
  readonly labels: readonly string[]
  readonly reader: TextReader
  readonly vocabSize: number
}

const task = defineTask({
  name: 'text-pair',
  summary: 'a label or a score for two texts: inference, paraphrases, similarity',
  unit: 'pairs',
  config,
  assets: { tokenizer: tokenizerAsset(), labels: pairLabelsAsset },

  async learn(train: readonly TextPairExample[], { tokenizer, targets }, options): Promise<Assets> {
    const labels = train.map(({ label }) => label)
    const isScore = targets === 'scores' || (targets === 'auto' && areScores(labels))
    return {
      labels: isScore ? [SCORE] : labelsIn(labels.map(String)),
      tokenizer: specialTokensAsText(
        await learnWordPieces(
          train.flatMap(({ text, pair }) => [text, pair]),
          tokenizer,
          options,
        ),
      ),
    }
  },

  sizes: ({ tokenizer, labels }) => ({ input: { vocabSize: tokenizer.vocabSize }, numLabels: labels.length }),

  facts: ({ text, pair, label }, { labels }) => ({
    input: joinPair(text, pair),
    answer: `${label}`,
    isLabeled: labels.length > 1,
    texts: [text, pair],
  }),

  // A pair that occurs several times stays in one part.
  split: (examples, settings, seed) =>
    splitAtRandom(examples, settings, seed, ({ text, pair }) => joinPair(text, pair)),

  pipeline({ model, assets: { tokenizer, labels }, config, registry, where }): TextPairPipeline {
    const { training } = config
    const { encoder } = model as { readonly encoder?: { readonly maxPositions?: number } }
    const maxLength = Math.min(config.maxLength, encoder?.maxPositions ?? Number.POSITIVE_INFINITY)
    const reader = new TextReader(tokenizer, labels, { maxLength, tokenDropout: 0 })
    const isScore = labels.length === 1
    const usual = isScore ? ['pearson', 'spearman'] : ['accuracy', 'f1']
    const metrics = config.metrics.length > 0 ? config.metrics : usual.map((type) => ({ type }))
    const shared = {
      ...tokenTable(model, tokenizer),
      ...{ labels, reader, vocabSize: tokenizer.vocabSize },
      input: { kind: 'pair', columns: PAIR_NAMES, read: (texts: readonly [string, string]) => texts } as const,
      format: (each: PairPrediction) =>
        each.label === undefined ? each.score.toFixed(2) : formatLabel({ label: each.label, score: each.score }),
      row: (each: PairPrediction) =>
        each.label === undefined ? { prediction: each.score } : labelRow(each as LabelPrediction),
      abilities: [
        dataMeasuring.of({
          ...(!isScore && { evenLoss: Math.log(labels.length) }),
          limit: maxLength,
          measure: ({ text, pair }: TextPairExample) => reader.measure({ text, pair, label: '' }),
        }),
        textReading.of({
          read: (line) => readPairText(model, tokenizer, line),
          textOf: ({ text, pair }: TextPairExample) => joinPair(text, pair),
        }),
      ],
    }
    const samplesOf = (examples: readonly TextPairExample[], outputs: readonly string[]): SamplesExhibit => ({
      kind: 'samples',
      title: 'Unseen pairs',
      samples: examples.slice(0, SHOWN).map(({ text, pair, label }, i) => ({
        input: joinPair(text, pair),
        output: outputs[i]!,
        expected: `${label}`,
      })),
    })
    const unlabeled = ([text, pair]: readonly [string, string]) => ({ text, pair, label: '' })
    if (isScore) {
      const encode = (example: TextPairExample) => ({
        ...reader.encode({ ...example, label: '' }),
        score: scoreOf(example, where),
      })
      const learning = new ScoreLearning<TextPairExample>({
        ...{ model: model as LabelingModel, encode, batchSize: training.batchSize },
        scorer: new Scorer<number>(metrics, registry),
        inputsOf(examples) {
          const { inputs, labels: none } = reader.collate(examples)
          none.dispose()
          return inputs
        },
      })
      const judge = async (examples: readonly TextPairExample[], options?: Abortable) => {
        const predicted = await learning.predict(examples.map(encode), options)
        return examples.map((example, i) => {
          const [gold, prediction] = [scoreOf(example, where), predicted[i]!]
          return { text: example.text, pair: example.pair, gold, prediction, loss: (prediction - gold) ** 2 }
        })
      }
      return {
        ...shared,
        learning,
        activation: 'identity',
        abilities: [...shared.abilities, judging.of({ judge })],
        metrics: learning.metrics,
        evaluate: (examples, options) => learning.evaluate(examples, options),
        async predict(pairs, options) {
          const encoded = pairs.map((each) => ({ ...reader.encode(unlabeled(each)), score: 0 }))
          return (await learning.predict(encoded, options)).map((score) => ({ score }))
        },
        async demonstrate(unseen, rng, options) {
          const examples = rng.shuffled(unseen).slice(0, SHOWN)
          const predicted = await learning.predict(examples.map(encode), options)
          return [
            samplesOf(
              examples,
              predicted.map((score) => score.toFixed(2)),
            ),
          ]
        },
      }
    }
    const named = {
      encode: (example: TextPairExample) => reader.encode({ ...example, label: `${example.label}` }),
      labelsOf: ({ label }: TextPairExample) => [`${label}`],
      collate: reader.collate.bind(reader),
      length: reader.length.bind(reader),
    }
    const scorer = new Scorer<string>(metrics, registry)
    const learning = new Labeling<TextPairExample, ReturnType<TextReader['encode']>>({
      ...{ model, labels, scorer, reader: named },
      ...training,
    })
    const judge = (examples: readonly TextPairExample[], options?: Abortable) =>
      learning.judge(examples, ({ text, pair }) => ({ text, pair }), options)
    return {
      ...shared,
      learning,
      abilities: [...shared.abilities, judging.of({ judge })],
      metrics: learning.metrics,
      evaluate: (examples, options) => learning.evaluate(examples, options),
      async predict(pairs, options) {
        const encoded = pairs.map((each) => reader.encode(unlabeled(each)))
        const predictions = await learning.predict(encoded, options)
        return predictions.map((each) => labelPrediction(each.labels[0]!, each.probabilities[0]!, labels))
      },
      async demonstrate(unseen, rng, options) {
        const shown = await learning.predictShuffled(unseen, rng, options)
        const { examples, predicted } = shown
        const outputs = predicted.map(([label]) => label!)
        const mistakes = learning.mistakes(shown, ({ text, pair }) => ({ text: joinPair(text, pair) }))
        return [samplesOf(examples, outputs), ...learning.confusion(examples, predicted), ...mistakes]
      },
    }
  },
})

/**
 * Labels or scores of pairs of texts, which are read together with a segment each.
 *
 * `fromPretrained` takes model, tokenizer and labels from a folder of transformers instead; `fit` then fine-tunes it. With `labels:
 * ['score']` its head predicts a number.
 *
 * @see Devlin et al. 2019, "BERT: Pre-training of deep bidirectional Transformers for language understanding", section 4.1
 */
export const textPairs = {
  ...task,
  fromPretrained: (folder: FileFolder, options: FromPretrainedOptions) =>
    taskFromPretrained(folder, options, {
      as: 'classifier',
      create: (settings, saved) => task.create(settings as never, { ...options, saved }),
    }),
}

/** Baseline: naive Bayes over the tokens of both texts; for scores the share of words that they have in common. */
export const pairOverlap: Baseline<TextPairExample, TextPairPipeline> = async ({
  train,
  heldOut,
  pipeline,
  signal,
}) => {
  const { reader, labels, vocabSize } = pipeline
  if (labels.length === 1) {
    const shares = heldOut.map(sharedWords)
    const right = heldOut.map((example) => scoreOf(example, 'baseline'))
    return { pearson: pearson(shares, right), spearman: spearman(shares, right) }
  }
  const encode = (example: TextPairExample) => reader.encode({ ...example, label: `${example.label}` })
  const known = await mapInTurns(train, encode, signal)
  const unseen = await mapInTurns(heldOut, encode, signal)
  return { accuracy: naiveBayesAccuracy(known, unseen, { vocabSize, numLabels: labels.length }) }
}

function sharedWords({ text, pair }: TextPairExample): number {
  const [first, second] = [text, pair].map((each) => new Set(each.toLowerCase().split(/[^\p{L}\p{N}]+/u)))
  const common = [...first!].filter((word) => second!.has(word)).length
  return common / (first!.size + second!.size - common)
}
