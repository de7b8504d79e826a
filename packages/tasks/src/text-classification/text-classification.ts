import { type FileFolder, mapInTurns } from '@heddle/core'
import { labelSetF1, subsetAccuracy } from '@heddle/metrics'
import type { Tokenizer } from '@heddle/tokenizer'
import { trainCharTokenizerAsync, trainWordTokenizerAsync } from '@heddle/tokenizer'
import * as z from 'zod'
import { dataMeasuring } from '../check/facts.ts'
import type { SamplesExhibit } from '../exhibits/samples.ts'
import { majorityAccuracy, naiveBayesAccuracy, naiveBayesLabelSets } from '../labeling/baselines.ts'
import { Labeling } from '../labeling/labeling.ts'
import { formatLabel, labelPrediction, labelRow } from '../labeling/labels.ts'
import { MultiLabeling } from '../labeling/multi-labeling.ts'
import { labelTrainingFields } from '../labeling/settings.ts'
import { splitAtRandom } from '../run/dataset.ts'
import type { Baseline } from '../run/recipe.ts'
import { specialTokensAsText, tokenizerAsset } from '../task/assets.ts'
import { defineTask } from '../task/define-task.ts'
import { type FromPretrainedOptions, taskFromPretrained } from '../task/from-pretrained.ts'
import { learnWordPieces } from '../task/learn-word-pieces.ts'
import type { Abortable } from '../task/pipeline.ts'
import { Scorer } from '../task/scorer.ts'
import { mergeSettings, part } from '../task/settings.ts'
import { tokenTable } from '../task/token-table.ts'
import { joinPair } from '../text-pair/read-pair-text.ts'
import { textReading } from '../uses/read-text.ts'
import { readTokens } from '../uses/read-tokens.ts'
import { multiLabelPipeline, type SharedPipeline } from './multi-label-pipeline.ts'
import { textAbilities } from './text-abilities.ts'
import { isMultiLabelConfig, singleLabel, type TextLabels, textLabels, textLabelsAsset } from './text-labels.ts'
import type { ClassifiedText, TextClassificationPipeline } from './text-pipeline.ts'
import { type LabeledText, TextReader } from './text-reader.ts'

const SHOWN = 24

const config = z.strictObject({
  model: part
    .prefault('recurrent-classifier')
    .describe('a model that reads tokens and scores labels: its type and settings'),
  tokenizer: z
    .strictObject({
      units: z
        .enum(['characters', 'words', 'word-pieces'])
        .default('characters')
        .describe(
          'tokens of a text: characters, words and punctuation marks, or word pieces as BERT has them, with [CLS] and [SEP] around a text',
        ),
      vocabSize: z
        .int()
        .min(64)
        .default(8000)
        .describe('largest number of words or word pieces; characters are all kept'),
      lowercase: z
        .boolean()
        .default(true)
        .describe('whether capitals of words and word pieces are read as small letters'),
    })
    .prefault({})
    .describe('the tokens that are learned from the texts'),
  multiLabel: z
    .boolean()
    .optional()
    .describe(
      'whether a text may have several labels, or none, each decided on its own (default: if the labels of the training texts are lists)',
    ),
  threshold: z
    .union([z.number().gt(0).lt(1), z.enum(['tuned', 'tuned-by-label'])])
    .default('tuned')
    .describe(
      "probability from which on a label is predicted, where a text may have several: a number; or the one with the best microF1 on the validation part (macroF1 where that is monitored), 'tuned' one for all labels, 'tuned-by-label' one for each; 0.5 without a validation part",
    ),
  maxLength: z.int().min(1).default(200).describe('tokens of a text that are read; the rest is cut off'),
  training: z
    .strictObject({
      ...labelTrainingFields,
      monitor: z
        .string()
        .optional()
        .describe(
          'validation metric by which the best weights and patience are judged (default: accuracy; microF1 where a text may have several labels)',
        ),
      tokenDropout: z
        .number()
        .min(0)
        .max(1)
        .default(0.02)
        .describe(
          'share of the tokens that training replaces by the mask, or by the unknown token where there is none, so that this has a meaning',
        ),
    })
    .prefault({})
    .describe('steps, batches, learning rate and validation'),
  metrics: z
    .array(part)
    .default([])
    .describe(
      'metrics of the evaluation, by name (default: accuracy and f1; labelSetF1 and subsetAccuracy where a text may have several labels)',
    ),
})

interface Assets {
  readonly tokenizer: Tokenizer
  readonly labels: TextLabels
}

const task = defineTask({
  name: 'text-classification',
  summary: 'one label for a text',
  unit: 'texts',
  headOnEncoder: 'classifier',
  config,
  assets: { tokenizer: tokenizerAsset(), labels: textLabelsAsset },

  learn: async (train: readonly LabeledText[], { tokenizer, multiLabel }, options): Promise<Assets> => ({
    labels: textLabels(
      train.map(({ label }) => label),
      multiLabel,
    ),
    tokenizer: specialTokensAsText(await learnTokenizer(train, tokenizer, options)),
  }),

  sizes: ({ tokenizer, labels }) => ({ input: { vocabSize: tokenizer.vocabSize }, numLabels: labels.names.length }),

  facts: ({ text, pair, label }) => ({
    input: pair === undefined ? text : `${text}\n${pair}`,
    answer: label,
    isLabeled: true,
    texts: pair === undefined ? [text] : [text, pair],
  }),

  // A text that occurs several times stays in one part.
  split: (examples, settings, seed) => splitAtRandom(examples, settings, seed, ({ text }) => text),

  pipeline({ model, assets: { tokenizer, labels: labelSet }, config, registry, where }): TextClassificationPipeline {
    const { training, threshold } = config
    const { names: labels, isMultiLabel } = labelSet
    const { encoder } = model as { readonly encoder?: { readonly maxPositions?: number } }
    const maxLength = Math.min(config.maxLength, encoder?.maxPositions ?? Number.POSITIVE_INFINITY)
    const reader = new TextReader(tokenizer, labels, { maxLength, tokenDropout: training.tokenDropout, isMultiLabel })
    const usual = isMultiLabel ? ['labelSetF1', 'subsetAccuracy'] : ['accuracy', 'f1']
    const metrics = config.metrics.length > 0 ? config.metrics : usual.map((type) => ({ type }))
    const shared: SharedPipeline = {
      ...tokenTable(model, tokenizer),
      labels,
      reader,
      vocabSize: tokenizer.vocabSize,
      input: { kind: 'text', read: (text) => text },
      abilities: [
        dataMeasuring.of({
          evenLoss: Math.log(isMultiLabel ? 2 : labels.length),
          limit: maxLength,
          measure: (example: LabeledText) => reader.measure(example),
        }),
        textReading.of({
          read: (text) => readTokens(model, tokenizer, text, where),
          textOf: ({ text }: LabeledText) => text,
        }),
      ],
    }
    if (isMultiLabel) {
      const scorer = new Scorer<readonly string[]>(metrics, registry)
      const learning = new MultiLabeling({
        ...{ model, labels, reader, scorer, where, threshold, ...training },
        tuned: labelSet.thresholds,
        keep: (thresholds) => ({ labels: { names: labels, isMultiLabel, ...(thresholds && { thresholds }) } }),
      })
      return multiLabelPipeline(learning, shared, SHOWN)
    }
    const scorer = new Scorer<string>(metrics, registry)
    const learning = new Labeling({ model, labels, reader, scorer, where, ...training })
    return {
      ...shared,
      learning,
      isMultiLabel,
      metrics: learning.metrics,
      evaluate: (examples, options) => learning.evaluate(examples, options),
      async predict(texts, options) {
        const encoded = texts.map((text) => reader.encode(unlabeled(text)))
        const predictions = await learning.predict(encoded, options)
        return predictions.map((each) => labelPrediction(each.labels[0]!, each.probabilities[0]!, labels))
      },
      format: formatLabel,
      row: labelRow,
      async demonstrate(unseen, rng, options) {
        const shown = await learning.predictShuffled(unseen, rng, options)
        const { examples, predicted } = shown
        const samples: SamplesExhibit = {
          kind: 'samples',
          title: 'Unseen texts',
          samples: examples
            .slice(0, SHOWN)
            .map(({ text, label }, i) => ({ input: text, output: predicted[i]![0]!, expected: singleLabel(label) })),
        }
        const mistakes = learning.mistakes(shown, ({ text, pair }) => ({
          text: pair === undefined ? text : joinPair(text, pair),
        }))
        return [samples, ...learning.confusion(examples, predicted), ...mistakes]
      },
      abilities: [...textAbilities(learning), ...shared.abilities],
    }
  },
})

async function learnTokenizer(
  train: readonly LabeledText[],
  { units, ...wordPieces }: z.output<typeof config>['tokenizer'],
  { signal }: Abortable,
): Promise<Tokenizer> {
  const texts = train.flatMap(({ text, pair }) => (pair === undefined ? [text] : [text, pair]))
  const specialTokens = ['<pad>', '<unk>']
  if (units === 'words') return trainWordTokenizerAsync(texts, { ...wordPieces, specialTokens, signal })
  return units === 'word-pieces'
    ? learnWordPieces(texts, wordPieces, { signal })
    : trainCharTokenizerAsync(texts, { specialTokens, signal })
}

const unlabeled = (text: ClassifiedText): LabeledText =>
  typeof text === 'string' ? { text, label: '' } : { text: text[0], pair: text[1], label: '' }

/**
 * Text classification: a text, or a pair of texts, is read token by token, then given one of the labels of the training examples.
 *
 * `fromPretrained` takes model, tokenizer and labels from a folder of transformers instead; `fit` then fine-tunes it.
 */
export const textClassification = {
  ...task,
  fromPretrained: (folder: FileFolder, options: FromPretrainedOptions) =>
    taskFromPretrained(folder, options, {
      as: 'classifier',
      labelsFile: (labels, folderConfig) => (isMultiLabelConfig(folderConfig) ? { multiLabel: true, labels } : labels),
      create: (settings, saved) =>
        task.create(mergeSettings({ training: { tokenDropout: 0 } }, settings) as never, { ...options, saved }),
    }),
}

/**
 * Baseline: naive Bayes over the tokens, and the most frequent label; for texts with several labels naive Bayes of each label against
 * the texts that do not have it.
 */
export const naiveBayes: Baseline<LabeledText, TextClassificationPipeline> = async ({
  train,
  heldOut,
  pipeline,
  signal,
}) => {
  const { reader, labels, vocabSize, isMultiLabel } = pipeline
  const encode = (example: LabeledText) => reader.encode(example)
  const known = await mapInTurns(train, encode, signal)
  const unseen = await mapInTurns(heldOut, encode, signal)
  const sizes = { vocabSize, numLabels: labels.length }
  if (isMultiLabel) {
    const predicted = naiveBayesLabelSets(known, unseen, sizes).map((ids) => ids.map((id) => labels[id]!))
    const gold = heldOut.map((example) => reader.labelsOf(example))
    const { micro, macro } = labelSetF1(predicted, gold)
    return { microF1: micro.f1, macroF1: macro.f1, subsetAccuracy: subsetAccuracy(predicted, gold) }
  }
  return {
    accuracy: naiveBayesAccuracy(known, unseen, sizes),
    majorityAccuracy: majorityAccuracy(
      train.map(({ label }) => singleLabel(label)),
      heldOut.map(({ label }) => singleLabel(label)),
    ),
  }
}
