import { type PartSpec, RandomStream } from '@heddle/core'
import { type DataSource, padSequences, type ReadExamples, splitExamples } from '@heddle/data'
import type { Module } from '@heddle/layers'
import { Tokenizer } from '@heddle/tokenizer'
import * as tf from '@tensorflow/tfjs-core'
import type { Exhibit } from '../exhibit.ts'
import type { Dataset, MetricInfo, Recipe, RunFiles, Translation } from '../recipe.ts'
import type { TrainingSettings } from '../training-settings.ts'
import type { WritingExample } from '../writing/exact-match.ts'
import { idOf, pieceOf } from '../writing/target-tokens.ts'
import { WritingPipeline } from '../writing/writing-pipeline.ts'
import { heldOutShare, type WritingSettings } from '../writing/writing-settings.ts'
import type { EncodedExample, WritingBatch } from '../writing/writing-task.ts'
import { type TextUnits, trainTextTokenizer } from './text-tokenizer.ts'

const SHOWN_MAPS = 6

export type TextPair = WritingExample<string>

/** What every text-to-text recipe's config has. */
export interface TextToTextConfig extends WritingSettings, TrainingSettings {
  /** How many pairs of built-in data are generated. */
  readonly pairs: number
  readonly validation: number
  readonly test: number
  readonly units: TextUnits
  readonly vocabSize: number
  readonly minFrequency: number
  readonly embeddingSize: number
  readonly hiddenSize: number
  readonly cell: string | PartSpec
  readonly attention: string | PartSpec | null
  readonly dropout: number
}

/** What one kind of text to text has of its own. */
export interface TextToTextSubject {
  readonly name: string
  readonly metrics: readonly MetricInfo[]
  readonly dataFormat: string
  /** Heads the samples. */
  readonly samplesTitle: string
  /** What is of like length in a training batch: the sources (default), or source and target together. */
  readonly batchBy?: 'source' | 'pair'
  /** What suits given data with fewer training pairs than that. */
  readonly smallData?: { readonly below: number; readonly settings: Readonly<Partial<TextToTextConfig>> }
  generate(count: number, rng: RandomStream): readonly TextPair[]
  read(source: DataSource): Promise<ReadExamples<TextPair>>
  score(predictions: readonly string[], examples: readonly TextPair[]): Record<string, number>
  /** What a much simpler method writes for each text. */
  simpler(train: readonly TextPair[], texts: readonly string[]): readonly string[]
}

/**
 * Text to text with a recurrent encoder-decoder and attention; the subject says what texts.
 *
 * @see Bahdanau et al. 2015, "Neural machine translation by jointly learning to align and translate"
 */
export class TextToTextRecipe implements Recipe<TextPair, EncodedExample<readonly number[]>, WritingBatch> {
  readonly training: TrainingSettings
  readonly metrics: readonly MetricInfo[]
  readonly dataFormat: string
  readonly #subject: TextToTextSubject
  readonly #config: TextToTextConfig

  constructor(subject: TextToTextSubject, config: TextToTextConfig) {
    this.training = config
    this.metrics = subject.metrics
    this.dataFormat = subject.dataFormat
    this.#subject = subject
    this.#config = config
  }

  builtIn(seed: number): readonly TextPair[] {
    return this.#subject.generate(this.#config.pairs, new RandomStream(seed))
  }

  read(source: DataSource): Promise<ReadExamples<TextPair>> {
    return this.#subject.read(source)
  }

  split(examples: readonly TextPair[], seed: number): Dataset<TextPair> {
    const { validation, test } = this.#config
    return splitExamples(examples, {
      validation: heldOutShare(validation, examples.length),
      test: heldOutShare(test, examples.length),
      seed,
      groupBy: ({ source }) => source,
    })
  }

  fit(train: readonly TextPair[]): RunFiles {
    return {
      'tokenizer.json': trainTextTokenizer(
        train.map(({ source }) => source),
        this.#config,
      ).toJSON(),
      'tokenizer.target.json': trainTextTokenizer(
        train.map(({ target }) => target),
        this.#config,
      ).toJSON(),
    }
  }

  model(files: RunFiles): PartSpec {
    const { source, target } = tokenizersOf(files)
    const { embeddingSize, hiddenSize, cell, attention, dropout } = this.#config
    return {
      type: 'recurrent-seq2seq',
      source: { vocabSize: source.vocabSize },
      target: { vocabSize: target.vocabSize },
      ...{ embeddingSize, hiddenSize, cell, attention, dropout },
    }
  }

  pipeline(model: Module, files: RunFiles): WritingPipeline<string, readonly number[]> {
    const { source, target } = tokenizersOf(files)
    const [pad, end] = [idOf(source, '<pad>'), idOf(source, '<eos>')]
    const { name, score, samplesTitle, batchBy } = this.#subject
    return new WritingPipeline<string, readonly number[]>({
      name,
      model,
      target,
      settings: this.#config,
      encode: (text) => [...source.encodeIds(text), end],
      length: (ids) => ids.length,
      ...(batchBy === 'pair' && { trainingLength: ({ source, target }) => source.length + target.length }),
      collate: (sources) => {
        const { data, shape, lengths } = padSequences(sources, { value: pad })
        return { source: tf.tensor2d(data, shape, 'int32'), lengths: tf.tensor1d(lengths, 'int32') }
      },
      steps: (ids) => ids.map((id) => pieceOf(source, id)),
      score,
      show: (examples, written) => textExhibits(samplesTitle, examples, written),
      abilities: (writer) => ({
        translator: { translate: (texts, options) => writer.write(texts, options) },
      }),
    })
  }

  settingsFor(numTraining: number, given: Readonly<Record<string, unknown>>): Readonly<Partial<TextToTextConfig>> {
    const { smallData } = this.#subject
    if (smallData === undefined || numTraining >= smallData.below) return {}
    const { units, vocabSize, ...rest } = smallData.settings
    // A number of subwords is none for words, nor the other way round.
    return given['units'] === undefined && given['vocabSize'] === undefined ? smallData.settings : rest
  }

  async baseline({ train, test }: Dataset<TextPair>): Promise<Record<string, number>> {
    const texts = test.map(({ source }) => source)
    return this.#subject.score(this.#subject.simpler(train, texts), test)
  }
}

/** Samples, then attention maps of the longest of them. */
function textExhibits(title: string, examples: readonly TextPair[], written: readonly Translation[]): Exhibit[] {
  const samples = examples.map(({ source, target }, i) => ({
    input: source,
    output: written[i]!.text,
    expected: target,
  }))
  const maps = written
    .map(({ attention }) => attention)
    .filter((attention) => attention !== undefined)
    .sort((a, b) => b.source.length - a.source.length)
    .slice(0, SHOWN_MAPS)
  return [
    { kind: 'samples', title, samples },
    ...maps.map((map): Exhibit => ({ kind: 'attention', title: map.source.join(' '), ...map })),
  ]
}

function tokenizersOf(files: RunFiles): { source: Tokenizer; target: Tokenizer } {
  return {
    source: Tokenizer.fromJSON(files['tokenizer.json']),
    target: Tokenizer.fromJSON(files['tokenizer.target.json']),
  }
}
