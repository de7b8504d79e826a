import { type PartSpec, RandomStream } from '@heddle/core'
import {
  type DataSource,
  type ReadExamples,
  readTaggedSentences,
  type Split,
  splitExamples,
  type TaggedSentence,
} from '@heddle/data'
import type { Module } from '@heddle/layers'
import { taggedSentences } from '@heddle/synthetic'
import * as z from 'zod'
import type { LabelledTextExhibit } from '../classification/class-exhibits.ts'
import {
  ClassificationPipeline,
  type LabelPrediction,
  predictLabels,
} from '../classification/classification-pipeline.ts'
import type { LabellingModel } from '../classification/classification-task.ts'
import type { LabelledBatch } from '../classification/labelled-batch.ts'
import { CLASSIFICATION_MONITORS, classificationMetrics, labelIds } from '../classification/labels.ts'
import { heldOut } from '../dataset.ts'
import { type Dataset, type Recipe, type RunFiles, recipePoint } from '../recipe.ts'
import { trainingFields } from '../training-settings.ts'
import { commonestTagAccuracy } from './commonest-tag.ts'
import { type Lexicon, lexiconFiles, readLexicon } from './lexicon.ts'
import { type EncodedSentence, sentenceBatch } from './sentence-batch.ts'
import { splitWords } from './split-words.ts'

const SHOWN_SENTENCES = 12

export const taggerConfig = z.strictObject({
  sentences: z.int().min(100).default(5000).describe('how many sentences of built-in data are generated'),
  tags: z
    .enum(['upos', 'xpos'])
    .default('upos')
    .describe("tags of a CoNLL-U file: the universal ones or the treebank's own"),
  validation: z
    .number()
    .positive()
    .default(0.1)
    .describe('sentences held out for validation: a number, or a share below 1'),
  test: z.number().positive().default(0.1).describe('sentences held out for the test: a number, or a share below 1'),
  minFrequency: z.int().min(1).default(2).describe('how often a word must occur to have a vector of its own'),
  maxLetters: z.int().min(2).default(18).describe('letters of a word that are read; longer ones lose their middle'),
  wordSize: z.int().min(1).default(100).describe('size of a word vector'),
  letterSize: z.int().min(1).default(48).describe('size of a letter vector'),
  spellingSize: z.int().min(1).default(64).describe('features of the state that reads letters, each direction'),
  hiddenSize: z.int().min(1).default(128).describe('features of the state that reads words, each direction'),
  numLayers: z.int().min(1).default(1).describe('recurrent layers over words'),
  cell: z
    .union([z.string(), z.looseObject({ type: z.string() })])
    .default('lstm')
    .describe("recurrent cell: 'lstm', 'gru', 'rnn', another plugin's name, or { type, … }"),
  dropout: z.number().min(0).max(1).default(0.4).describe('dropout of letters and words, and before the output'),
  wordDropout: z
    .number()
    .min(0)
    .max(1)
    .default(0.25)
    .describe('share of the words that training knows by their spelling only'),
  labelSmoothing: z.number().min(0).max(1).default(0).describe('share of the probability spread over all tags'),
  batchSize: z.int().min(1).default(32).describe('sentences in a batch'),
  ...trainingFields({
    steps: 2000,
    learningRate: 4e-3,
    warmupSteps: 100,
    evaluateEvery: 200,
    monitors: CLASSIFICATION_MONITORS,
  }),
})
export type TaggerConfig = z.output<typeof taggerConfig>

/** Many to many in step: the part of speech of every word. */
export class TaggerRecipe implements Recipe<TaggedSentence, EncodedSentence, LabelledBatch> {
  readonly training: TaggerConfig
  readonly metrics = classificationMetrics('words', 0.98)
  readonly dataFormat = 'a CoNLL-U file, or several'
  readonly #config: TaggerConfig

  constructor(config: TaggerConfig) {
    this.#config = config
    this.training = config
  }

  builtIn(seed: number): TaggedSentence[] {
    return taggedSentences(this.#config.sentences, new RandomStream(seed))
  }

  read(source: DataSource): Promise<ReadExamples<TaggedSentence>> {
    return readTaggedSentences(source, this.#config)
  }

  split(examples: readonly TaggedSentence[], seed: number): Split<TaggedSentence> {
    const { validation, test } = this.#config
    return splitExamples(examples, { validation, test, seed, groupBy: ({ words }) => words.join(' ') })
  }

  fit(train: readonly TaggedSentence[]): RunFiles {
    return lexiconFiles(train, this.#config.minFrequency)
  }

  model(files: RunFiles): PartSpec {
    const { tags, numWords, numLetters } = readLexicon(files, this.#config.maxLetters)
    const { wordSize, letterSize, spellingSize, hiddenSize, numLayers, cell, dropout } = this.#config
    const sizes = { wordSize, letterSize, spellingSize, hiddenSize, numLayers }
    return { type: 'word-tagger', input: { numWords, numLetters }, numLabels: tags.length, ...sizes, cell, dropout }
  }

  pipeline(model: Module, files: RunFiles): ClassificationPipeline<TaggedSentence, EncodedSentence> {
    const lexicon = readLexicon(files, this.#config.maxLetters)
    const { batchSize, labelSmoothing, wordDropout } = this.#config
    const { tags } = lexicon
    const encode = encoder(lexicon)
    const parts = {
      model: model as LabellingModel,
      collate: (sentences: readonly EncodedSentence[]) => sentenceBatch(sentences),
      length: ({ words }: EncodedSentence) => words.length,
    }
    return new ClassificationPipeline({
      ...parts,
      labels: tags,
      batchSize,
      labelSmoothing,
      encode,
      ...(wordDropout > 0 && {
        augment: ({ words, labels }: EncodedSentence, rng: RandomStream) => ({
          words: words.map((word) => (rng.uniform() < wordDropout ? { ...word, id: 0 } : word)),
          labels,
        }),
      }),
      show: (examples, predictions) => [taggedTexts(examples, predictions, tags)],
      predictor: {
        predict: async (inputs) => {
          const sentences = inputs.map(splitWords)
          const encoded = sentences.map((words) => encode({ words, tags: words.map(() => tags[0]!) }))
          const predictions = await predictLabels(parts, encoded)
          return predictions.map(({ labels, probabilities }, i) => {
            const words = sentences[i]!.map((word, t) => ({
              word,
              tag: tags[labels[t]!]!,
              probability: probabilities[t]![labels[t]!]!,
            }))
            return { text: words.map(({ word, tag }) => `${word}/${tag}`).join(' '), json: words }
          })
        },
      },
    })
  }

  async baseline(dataset: Dataset<TaggedSentence>): Promise<Record<string, number>> {
    return { accuracy: commonestTagAccuracy(dataset.train, heldOut(dataset).examples) }
  }
}

function encoder({ tags, wordId, spelling }: Lexicon): (sentence: TaggedSentence) => EncodedSentence {
  const idOf = labelIds(tags)
  return (sentence) => ({
    words: sentence.words.map((word) => ({ id: wordId(word), spelling: spelling(word) })),
    labels: sentence.tags.map(idOf),
  })
}

function taggedTexts(
  sentences: readonly TaggedSentence[],
  predictions: readonly LabelPrediction[],
  labels: readonly string[],
): LabelledTextExhibit {
  const texts = sentences
    .slice(0, SHOWN_SENTENCES)
    .map(({ words, tags }, i) =>
      words.map((text, t) => ({ text, label: labels[predictions[i]!.labels[t]!]!, expected: tags[t]! })),
    )
  return { kind: 'labelled-text', title: 'Unseen sentences', texts }
}

export const taggerRecipe = recipePoint.of({
  name: 'tagger',
  summary: 'the part of speech of every word (built-in: English sentences)',
  config: taggerConfig,
  create: (config) => new TaggerRecipe(config),
})
