import { HeddleError, type RandomStream } from '@heddle/core'
import type { Tokenizer } from '@heddle/tokenizer'
import * as z from 'zod'
import { dataMeasuring } from '../check/facts.ts'
import { measureTexts } from '../check/measure-texts.ts'
import type { AttentionExhibit } from '../exhibits/attention.ts'
import type { Exhibit } from '../exhibits/exhibit.ts'
import { splitAtRandom } from '../run/dataset.ts'
import { SequenceToText, type SourceTargetPair, type WrittenText } from '../sequence-to-text/sequence-to-text.ts'
import { decodingSettings, trainingSettings } from '../sequence-to-text/settings.ts'
import { writeSamples, writing } from '../sequence-to-text/writing.ts'
import { specialTokensAsText } from '../task/assets.ts'
import { defineTask } from '../task/define-task.ts'
import type { Abortable, Pipeline } from '../task/pipeline.ts'
import { metricList, Scorer } from '../task/scorer.ts'
import { part } from '../task/settings.ts'
import { pairTokenTables } from '../task/token-table.ts'
import { judging } from '../uses/judge.ts'
import { pairReading } from '../uses/read-pair.ts'
import { textReading } from '../uses/read-text.ts'
import { translating } from '../uses/translate.ts'
import { pairTokenizerAsset } from './pair-tokenizer.ts'
import { readPair } from './read-pair.ts'
import { readSource } from './read-source.ts'
import { textTokenizer, tokenizerSettings } from './text-tokenizer.ts'
import { TokenSource } from './token-source.ts'

const SHOWN = 12
const SHOWN_MAPS = 6

const config = z.strictObject({
  model: part.prefault('recurrent-seq2seq').describe('an encoder-decoder: its type and settings'),
  tokenizer: tokenizerSettings,
  batchBy: z
    .enum(['source', 'pair'])
    .default('source')
    .describe('length by which training examples share a batch: of the source, or of source and target together'),
  training: trainingSettings,
  decoding: decodingSettings,
  metrics: metricList(['exactMatch', 'chrf']),
})

interface Assets {
  readonly source: Tokenizer
  readonly target: Tokenizer
}

/** Metrics of texts that are written for examples, so that a baseline is scored as the model is. */
export interface TextToTextPipeline extends Pipeline<SourceTargetPair<string>, string, WrittenText> {
  score(texts: readonly string[], examples: readonly SourceTargetPair<string>[]): Record<string, number>
}

/**
 * Text to text: translation, dialogue, summaries, code. An encoder-decoder reads the source's tokens and writes the target's.
 *
 * @see Sutskever et al. 2014, "Sequence to sequence learning with neural networks"; Bahdanau et al. 2015 for attention
 */
export const textToText = defineTask({
  name: 'text-to-text',
  summary: 'writes a text for a text: translation, dialogue, summaries',
  unit: 'tokens',
  config,
  assets: { source: pairTokenizerAsset('source'), target: pairTokenizerAsset('target') },

  async learn(train: readonly SourceTargetPair<string>[], { tokenizer }, options): Promise<Assets> {
    const sources = train.map(({ source }) => source)
    const targets = train.map(({ target }) => target)
    const { sourceUnits = tokenizer.units, targetUnits = tokenizer.units } = tokenizer
    if (tokenizer.shared) {
      if (sourceUnits !== targetUnits) {
        throw new HeddleError(
          'config',
          `text-to-text: expected tokenizer.shared with units of one kind, got ${sourceUnits} and ${targetUnits}. Leave one of the settings out.`,
        )
      }
      const both = specialTokensAsText(
        await textTokenizer([...sources, ...targets], { ...tokenizer, units: sourceUnits }, options),
      )
      return { source: both, target: both }
    }
    return {
      source: specialTokensAsText(await textTokenizer(sources, { ...tokenizer, units: sourceUnits }, options)),
      target: specialTokensAsText(await textTokenizer(targets, { ...tokenizer, units: targetUnits }, options)),
    }
  },

  dependOnSteps: ({ training }) => (training.scheduledSampling > 0 ? ['training.scheduledSampling'] : []),

  sizes: ({ source, target }) => ({
    source: { vocabSize: source.vocabSize },
    target: { vocabSize: target.vocabSize },
  }),

  facts: ({ source, target }) => ({ input: source, answer: target, texts: [source, target] }),

  split: (examples, settings, seed) => splitAtRandom(examples, settings, seed, ({ source }) => source),

  pipeline({ model, assets: { source, target }, config, registry, where }): TextToTextPipeline {
    const reader = new TokenSource(source, config.batchBy)
    const scorer = new Scorer<string>(config.metrics, registry)
    const learning = new SequenceToText({ model, target, reader, scorer, config, where })
    return {
      ...writing(learning),
      ...pairTokenTables(model, { source, target }),
      input: { kind: 'text', read: (text) => text },
      demonstrate: (examples, rng, options) => demonstrate(learning, examples, rng, options),
      abilities: [
        judging.of({
          judge: (examples: readonly SourceTargetPair<string>[], options?: Abortable) =>
            learning.judge(examples, ({ source }) => ({ source }), options),
        }),
        dataMeasuring.of({
          evenLoss: Math.log(target.vocabSize),
          measure: (example: SourceTargetPair<string>) => {
            const [read, written] = [measureTexts(source, [example.source]), measureTexts(target, [example.target])]
            return { tokens: read.tokens + written.tokens, unknown: read.unknown + written.unknown }
          },
        }),
        translating.of({ translate: (texts, options) => learning.write(texts, options) }),
        textReading.of({ read: (text) => readSource(model, source, text, where) }),
        pairReading.of({
          read: async (text, wanted) => {
            const ids =
              wanted === undefined
                ? (await learning.decode([text]))[0]!.ids
                : target.encodeIds(wanted, { addSpecialTokens: false })
            return readPair(model, { source, target }, text, ids, where)
          },
          sourceOf: (example: SourceTargetPair<string>) => example.source,
        }),
      ],
    }
  },
})

/** Samples, then the attention maps of the longest of them. */
async function demonstrate(
  learning: SequenceToText<string, readonly number[]>,
  examples: readonly SourceTargetPair<string>[],
  rng: RandomStream,
  options?: Abortable,
): Promise<Exhibit[]> {
  const shownAs = { count: SHOWN, title: 'Unseen examples', inputOf: (source: string) => source }
  const { written, samples } = await writeSamples(learning, examples, rng, shownAs, options)
  const maps = written
    .flatMap(({ attention }) => attention ?? [])
    .sort((a, b) => b.source.length - a.source.length)
    .slice(0, SHOWN_MAPS)
    .map((map): AttentionExhibit => ({ kind: 'attention', title: map.source.join(' '), ...map }))
  return [samples, ...maps]
}
