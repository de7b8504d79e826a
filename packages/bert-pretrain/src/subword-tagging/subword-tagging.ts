import { type FileFolder, HeddleError, periodicYield } from '@heddle/core'
import { BLANK } from '@heddle/data'
import {
  type Abortable,
  constrainedField,
  dataMeasuring,
  defineTask,
  type FromPretrainedOptions,
  judging,
  Labeling,
  labelsAsset,
  labelsIn,
  learnWordPieces,
  measureTexts,
  mergeSettings,
  metricList,
  type Pipeline,
  part,
  readSentenceInputs,
  readTokens,
  Scorer,
  showSentences,
  spanMetrics,
  spanRules,
  specialTokensAsText,
  splitAtRandom,
  splitCharacters,
  splitWords,
  stepTrainingFields,
  type TaggedSentence,
  tagSpans,
  taskFromPretrained,
  textReading,
  tokenizerAsset,
  tokenTable,
  validSpans,
  wordOf,
  wordPieceSettings,
} from '@heddle/tasks'
import type { Tokenizer } from '@heddle/tokenizer'
import * as z from 'zod'
import { AGGREGATION_STRATEGIES, type AggregationStrategy, groupEntities } from '../fine-tuning/entities.ts'
import { type EncoderModelWithLogits, recognizeEntities } from '../fine-tuning/recognize-entities.ts'
import { type EntityFinder, entitiesRow, entityFinding, type TextEntity } from './entity-finding.ts'
import { SubwordReader, wordRanges } from './subword-reader.ts'
import { WordLogits } from './word-logits.ts'

const config = z.strictObject({
  model: part
    .prefault({ type: 'tagger', encoder: { type: 'bert', pooling: 'first' } })
    .describe('a model that scores labels for each token: its type and settings'),
  tokenizer: wordPieceSettings('the sentences', { lowercase: false }),
  maxLength: z.int().min(8).default(128).describe('tokens that are read at once; a longer sentence is read in parts'),
  stride: z.int().min(0).default(16).describe('tokens that the parts of a longer sentence share'),
  subwords: z
    .enum(['first', 'all'])
    .default('first')
    .describe("tokens of a word that learn its label: the 'first', or 'all'; the first one tells it"),
  strategy: z
    .enum(AGGREGATION_STRATEGIES)
    .default('first')
    .describe(
      "how predictions of spans join tokens: 'none', tokens of one kind ('simple'), or words by their 'first' token, the 'average', or the surest token ('max')",
    ),
  constrained: constrainedField,
  training: z.strictObject(stepTrainingFields).prefault({}).describe('steps, batches, learning rate and validation'),
  metrics: metricList(['accuracy', 'f1']),
})

interface Assets {
  readonly tokenizer: Tokenizer
  readonly labels: readonly string[]
}

/** A text, or its words. */
type TaggedInput = string | readonly string[]

export interface SubwordTaggingPipeline
  extends Pipeline<TaggedSentence, TaggedInput, readonly TextEntity[]>,
    EntityFinder {
  readonly labels: readonly string[]
}

/** Whether the sentences that a tokenizer was trained on had a character for each word: it knows the mark of a blank, and no parts of words. */
function knowsCharacters(tokenizer: Tokenizer): boolean {
  const { continuingSubwordPrefix: prefix } = tokenizer.model
  if (prefix === undefined || tokenizer.tokenToId(BLANK) === undefined) return false
  return ![...tokenizer.model.vocabulary().keys()].some((token) => token.startsWith(prefix))
}

const task = defineTask({
  name: 'subword-tagging',
  summary: 'a label for every word of a sentence, read in word pieces: named entities, parts of speech',
  unit: 'words',
  config,
  assets: { tokenizer: tokenizerAsset(), labels: labelsAsset() },

  learn: async (train: readonly TaggedSentence[], { tokenizer }, options): Promise<Assets> => ({
    labels: labelsIn(train.flatMap(({ tags }) => tags)),
    tokenizer: specialTokensAsText(
      await learnWordPieces(
        train.map(({ words, text = words.join(' ') }) => text),
        tokenizer,
        options,
      ),
    ),
  }),

  sizes: ({ tokenizer, labels }) => ({ input: { vocabSize: tokenizer.vocabSize }, numLabels: labels.length }),

  facts({ words, text = words.join(' '), tags }) {
    return { input: text, answer: tags, isLabeled: true, texts: [text], numSteps: words.length }
  },

  // A sentence that occurs several times stays in one part.
  split: (examples, settings, seed) => splitAtRandom(examples, settings, seed, ({ words }) => words.join(' ')),

  pipeline({ model: built, assets: { tokenizer, labels }, config, registry, where }): SubwordTaggingPipeline {
    const model = built as EncoderModelWithLogits
    const { training, metrics, constrained, subwords } = config
    const { encoder } = model as { readonly encoder?: { readonly maxPositions?: number } }
    const maxLength = Math.min(config.maxLength, encoder?.maxPositions ?? Number.POSITIVE_INFINITY)
    const stride = Math.min(config.stride, Math.floor(maxLength / 2) - 2)
    const [rules, decode] = constrained ? [spanRules(labels), validSpans(labels)] : []
    const reader = new SubwordReader(tokenizer, labels, { maxLength, stride, subwords })
    const scorer = new Scorer<string>(spanMetrics(labels, metrics), registry)
    const learning = new Labeling({ model: new WordLogits(model), labels, reader, scorer, where, ...training, rules })
    const ofSpans = tagSpans(labels)
    if (model.crf !== undefined && subwords === 'all') {
      throw new HeddleError(
        'config',
        `${where}: expected subwords=first with a CRF, which scores the labels of neighboring words, got 'all'.`,
      )
    }

    const ofCharacters = knowsCharacters(tokenizer)
    const findEntities = async (text: string, strategy: AggregationStrategy = config.strategy) => {
      if (ofCharacters) return labelWords(splitCharacters(text), text)
      // A CRF has learned which labels words have after each other, not tokens.
      if (model.crf !== undefined) return labelWords(splitWords(text), text)
      const options = { labels, strategy, maxLength, stride, decode }
      const found = await recognizeEntities(model, tokenizer, text, options)
      return found.map(({ label, score, start, end }) => ({ label, score, text: text.slice(start, end), start, end }))
    }
    const labelWords = async (words: readonly string[], text: string): Promise<TextEntity[]> => {
      const read = ofCharacters ? {} : { text }
      const [prediction] = await learning.predict([reader.encode({ words, tags: [], ...read })])
      const tokens = wordRanges(words, text).map(([start, end], index) => ({
        ...{ token: words[index]!, index, start, end, isSubword: false },
        probabilities: prediction!.probabilities[index]!,
      }))
      const join = (parts: readonly string[]) => parts.join(' ')
      const strategy = ofSpans ? 'simple' : 'none'
      const predicted = () => prediction!.labels
      const found = groupEntities(tokens, {
        labels,
        strategy,
        join,
        decode: predicted,
        ...(!ofSpans && { ignore: [] }),
      })
      return found.map(({ label, score, start, end }) => ({ label, score, text: text.slice(start, end), start, end }))
    }
    return {
      learning,
      ...tokenTable(built, tokenizer),
      labels,
      metrics: learning.metrics,
      evaluate: (examples, options) => learning.evaluate(examples, options),
      findEntities,
      async predict(inputs, { signal } = {}) {
        const yieldNow = periodicYield(signal)
        const predictions: (readonly TextEntity[])[] = []
        for (const input of inputs) {
          await yieldNow()
          const isText = typeof input === 'string'
          if (isText && ofSpans) predictions.push(await findEntities(input))
          else if (isText)
            predictions.push(await labelWords((ofCharacters ? splitCharacters : splitWords)(input), input))
          else predictions.push(await labelWords(input, input.join(' ')))
        }
        return predictions
      },
      input: {
        kind: 'text',
        read: (text, { isSplit } = { isSplit: false }) => (isSplit ? text.trim().split(/\s+/u) : text),
        readAll: readSentenceInputs,
      },
      format: (entities) =>
        ofSpans
          ? entities.map(({ label, text, score }) => `${label} ${text} (${Math.round(100 * score)} %)`).join(', ')
          : entities.map(({ label, text }) => `${text}/${label}`).join(' '),
      row: entitiesRow,
      async demonstrate(unseen, rng, options) {
        const shown = await learning.predictShuffled(unseen, rng, options)
        const { examples, predicted } = shown
        const mistakes = learning.mistakes(shown, ({ words }, t) => wordOf(words, t))
        return [showSentences(examples, predicted), ...learning.confusion(examples, predicted), ...mistakes]
      },
      abilities: [
        ...(ofSpans ? [entityFinding.of({ findEntities })] : []),
        // A longer sentence is read in parts, so that there is no limit.
        dataMeasuring.of({
          evenLoss: Math.log(labels.length),
          measure: ({ words, text = words.join(' ') }: TaggedSentence) => measureTexts(tokenizer, [text]),
        }),
        textReading.of({
          read: (text) => readTokens(model, tokenizer, text, where),
          textOf: ({ words, text = words.join(' ') }: TaggedSentence) => text,
        }),
        judging.of({
          judge: (examples: readonly TaggedSentence[], options?: Abortable) =>
            learning.judge(examples, ({ words }) => ({ words }), options),
        }),
      ],
    }
  },
})

/**
 * Token classification with word pieces, as of a BERT: the label of a word is told by its first token. Labels `B-type` and `I-type`
 * tag spans, which predictions give as whole, with their places in the text; other labels stand for each word.
 *
 * `fromPretrained` takes model, tokenizer and labels from a folder of transformers instead; `fit` then fine-tunes it.
 *
 * @see Devlin et al. 2019, "BERT: Pre-training of deep bidirectional Transformers for language understanding", section 5.3
 */
export const subwordTagging = {
  ...task,
  fromPretrained: (folder: FileFolder, options: FromPretrainedOptions) =>
    taskFromPretrained(folder, options, {
      as: 'tagger',
      create: (settings, saved) => task.create(mergeSettings({}, settings) as never, { ...options, saved }),
    }),
}
