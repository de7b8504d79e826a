import { periodicYield } from '@heddle/core'
import type { Module, Parameter } from '@heddle/layers'
import { type Tokenizer, trainCharTokenizerAsync } from '@heddle/tokenizer'
import * as z from 'zod'
import { dataMeasuring } from '../check/facts.ts'
import { Labeling } from '../labeling/labeling.ts'
import { labelsIn, stepsRow } from '../labeling/labels.ts'
import { constrainedField, stepTrainingFields } from '../labeling/settings.ts'
import { spanMetrics, spanRules } from '../labeling/span-labels.ts'
import { wordOf } from '../labeling/worst-mistakes.ts'
import { splitAtRandom } from '../run/dataset.ts'
import { labelsAsset, specialTokensAsText, tokenizerAsset } from '../task/assets.ts'
import { defineTask } from '../task/define-task.ts'
import type { Abortable, Pipeline } from '../task/pipeline.ts'
import { metricList, Scorer } from '../task/scorer.ts'
import { part } from '../task/settings.ts'
import { judging } from '../uses/judge.ts'
import { textReading } from '../uses/read-text.ts'
import { attributeSizes, attributesAsset, type LexicalAttributes, learnAttributes } from './lexical-attributes.ts'
import { Lexicon, lettersOf, wordsAsset } from './lexicon.ts'
import { readSentenceInputs } from './read-sentence-inputs.ts'
import { readWords } from './read-words.ts'
import { showSentences } from './show-sentences.ts'
import { areCharacters, splitCharacters, splitWords } from './split-words.ts'
import { type TaggedSentence, WordReader } from './word-reader.ts'

const config = z.strictObject({
  model: part.prefault('word-tagger').describe('a model that scores labels for each word: its type and settings'),
  minFrequency: z.int().min(1).default(2).describe('occurrences that a word needs to have a vector of its own'),
  maxLetters: z.int().min(2).default(18).describe('letters of a word that are read; longer ones lose their middle'),
  attributes: z
    .boolean()
    .default(false)
    .describe(
      'whether beginnings and ends of words of up to four characters, their form in small letters and their shape have vectors; for models that read spelling',
    ),
  constrained: constrainedField,
  training: z
    .strictObject({
      ...stepTrainingFields,
      wordDropout: z
        .number()
        .min(0)
        .max(1)
        .default(0.25)
        .describe('share of the words that training replaces by the unknown one, leaving their spelling'),
    })
    .prefault({})
    .describe('steps, batches, learning rate and validation'),
  metrics: metricList(['accuracy', 'f1']),
})

interface Assets {
  readonly labels: readonly string[]
  readonly words: readonly string[]
  readonly letters: Tokenizer
  readonly attributes: LexicalAttributes
}

/** A word with its predicted label. */
export interface TaggedWord {
  readonly word: string
  readonly label: string
  readonly score: number
}

/** A model that reads the letters of words besides their ids says so. */
export interface WordModel extends Module {
  readonly readsSpelling?: boolean
  /** Capability: has a table with a vector for each word, to which pre-trained ones can be given. */
  readonly words?: { readonly weight: Parameter }
}

/** Token classification: a label for every word of a sentence, such as its part of speech. */
export const tokenClassification = defineTask({
  name: 'token-classification',
  summary: 'a label for every word of a sentence',
  unit: 'words',
  config,
  assets: { labels: labelsAsset(), words: wordsAsset, letters: tokenizerAsset(), attributes: attributesAsset },

  async learn(train: readonly TaggedSentence[], { minFrequency, attributes }, { signal } = {}): Promise<Assets> {
    const counts = new Map<string, number>()
    const yieldNow = periodicYield(signal)
    for (const { words } of train) {
      for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
      await yieldNow()
    }
    const known = [...counts].filter(([, count]) => count >= minFrequency).map(([word]) => word)
    return {
      labels: labelsIn(train.flatMap(({ tags }) => tags)),
      words: known.sort(),
      letters: specialTokensAsText(
        await trainCharTokenizerAsync([...counts.keys()].map(lettersOf), { specialTokens: ['<pad>', '<unk>'], signal }),
      ),
      attributes: attributes ? learnAttributes(counts) : [],
    }
  },

  sizes: ({ labels, words, letters, attributes }) => ({
    input: {
      ...{ vocabSize: words.length + 1, numLetters: letters.vocabSize },
      ...(attributes.length > 0 && { attributes: attributeSizes(attributes) }),
    },
    numLabels: labels.length,
  }),

  facts: ({ words, tags }) => {
    const sentence = words.join(' ')
    return { input: sentence, answer: tags, isLabeled: true, texts: [sentence], numSteps: words.length }
  },

  // A sentence that occurs several times stays in one part.
  split: (examples, settings, seed) => splitAtRandom(examples, settings, seed, ({ words }) => words.join(' ')),

  pipeline({ model, assets, config, registry, where }): Pipeline<TaggedSentence, readonly string[], TaggedWord[]> {
    const { labels, words, letters, attributes } = assets
    const { training, maxLetters, metrics, constrained } = config
    const { readsSpelling = false } = model as WordModel
    const { wordDropout } = training
    const lexicon = new Lexicon(words, letters, maxLetters, attributes)
    const reader = new WordReader(lexicon, labels, { wordDropout, readsSpelling })
    const scorer = new Scorer<string>(spanMetrics(labels, metrics), registry)
    const known = new Set(words)
    const split = areCharacters(words) ? splitCharacters : splitWords
    const table = (model as WordModel).words?.weight
    const learning = new Labeling({
      model,
      labels,
      reader,
      scorer,
      where,
      ...training,
      ...(constrained && { rules: spanRules(labels) }),
    })
    return {
      learning,
      ...(table && {
        wordTable: {
          weight: table,
          rows: new Map(words.map((word) => [word, lexicon.wordId(word)])),
          sizeSetting: 'model.wordSize',
        },
      }),
      metrics: learning.metrics,
      evaluate: (examples, options) => learning.evaluate(examples, options),
      async predict(sentences, options) {
        const encoded = sentences.map((words) => reader.encode({ words, tags: [] }))
        const predictions = await learning.predict(encoded, options)
        return predictions.map(({ labels: ids, probabilities }, i) =>
          sentences[i]!.map((word, t) => ({
            word,
            label: labels[ids[t]!]!,
            score: probabilities[t]![ids[t]!]!,
          })),
        )
      },
      input: {
        kind: 'text',
        read: (text, { isSplit } = { isSplit: false }) => (isSplit ? text.trim().split(/\s+/u) : split(text)),
        readAll: readSentenceInputs,
      },
      row: (tagged) => ({ words: tagged.map(({ word }) => word), ...stepsRow(tagged) }),
      format: (tagged) => tagged.map(({ word, label }) => `${word}/${label}`).join(' '),
      async demonstrate(unseen, rng, options) {
        const shown = await learning.predictShuffled(unseen, rng, options)
        const { examples, predicted } = shown
        const mistakes = learning.mistakes(shown, ({ words }, t) => wordOf(words, t))
        return [showSentences(examples, predicted), ...learning.confusion(examples, predicted), ...mistakes]
      },
      abilities: [
        judging.of({
          judge: (examples: readonly TaggedSentence[], options?: Abortable) =>
            learning.judge(examples, ({ words }) => ({ words }), options),
        }),
        dataMeasuring.of({
          evenLoss: Math.log(labels.length),
          measure: ({ words: all }: TaggedSentence) => ({
            tokens: all.length,
            unknown: readsSpelling ? 0 : all.filter((word) => !known.has(word)).length,
          }),
        }),
        textReading.of({
          read: (text) => readWords(model, reader, text, { split, where }),
          textOf: ({ words }: TaggedSentence) => words.join(' '),
        }),
      ],
    }
  },
})
