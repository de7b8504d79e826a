import { ExtensionPoint, type PartSpec, type RandomStream } from '@heddle/core'
import type { DataSource, ReadExamples } from '@heddle/data'
import type { Sampler } from '@heddle/decoding'
import type { Module } from '@heddle/layers'
import type { BatchSource, Objective } from '@heddle/trainer'
import type { Exhibit } from './exhibit.ts'
import type { Predictor } from './predictor.ts'
import type { TrainingSettings } from './training-settings.ts'
import type { Describer } from './writing/describer.ts'

/** Examples in three parts; no example of one is in another. */
export interface Dataset<E> {
  readonly train: readonly E[]
  readonly validation: readonly E[]
  readonly test: readonly E[]
}

/** A number that a recipe reports. */
export interface MetricInfo {
  /** The key in the results of `evaluate`. */
  readonly name: string
  readonly summary: string
  readonly better: 'higher' | 'lower'
  /** What the recipe reaches on its built-in data with its defaults. */
  readonly expected?: number
  /** Whether it is a share of 1, shown in percent. */
  readonly percent?: boolean
}

/** What is learned from the training examples besides weights (tokenizers, labels, scales): JSON by file name. */
export type RunFiles = Readonly<Record<string, unknown>>

export interface EvaluateOptions {
  onProgress?(done: number, total: number): void
  readonly signal?: AbortSignal | undefined
}

/** Writes a translation, a reply, a summary: text in, text out. */
export interface Translator {
  translate(texts: readonly string[], options: { beamWidth: number; maxLength: number }): Promise<Translation[]>
}

export interface Translation {
  readonly text: string
  readonly logProbability: number
  /** Where it looked, for models with attention. */
  readonly attention?: Omit<Extract<Exhibit, { kind: 'attention' }>, 'kind' | 'title'>
}

export interface GenerateOptions {
  readonly prompt: string
  readonly length: number
  /** Makes the sampler that chooses each token, from a random stream of its own. */
  readonly sampler: (rng: RandomStream) => Sampler
  readonly rng: RandomStream
  /** Given the text piece by piece as it is written. */
  onText?(text: string): void
}

/** Continues a text. */
export interface Generator {
  /** The text after the prompt. */
  generate(options: GenerateOptions): Promise<string>
}

/** What a pipeline can be used for; a command looks for the one that it needs. */
export interface Abilities {
  readonly translator?: Translator
  readonly generator?: Generator
  readonly predictor?: Predictor
  readonly describer?: Describer
}

/** What a recipe joined with a model can do once the model has learned. */
interface LearnedPipeline<E> {
  readonly abilities: Abilities
  /** All of the recipe's metrics. */
  evaluate(examples: readonly E[], options?: EvaluateOptions): Promise<Record<string, number>>
  /** Samples of what the model does with examples that it has not seen. */
  demonstrate(examples: readonly E[], rng: RandomStream): Promise<readonly Exhibit[]>
}

/**
 * A recipe joined with a model: everything between the raw examples and the numbers.
 *
 * @typeParam E an example as the data hold it
 * @typeParam X what training draws batches of: examples, or windows of a stream
 * @typeParam B a batch as the model takes it
 */
export interface Pipeline<E, X = E, B = unknown> extends LearnedPipeline<E> {
  readonly task: Objective<X, B>
  /** Endless training batches. */
  trainingBatches(examples: readonly E[], rng: RandomStream): BatchSource<X>
  /** Held-out examples in batches, for the validation loss. */
  validationBatches(examples: readonly E[]): Iterable<readonly X[]>
  /** Further metrics at every validation; must be quick. */
  validate?(examples: readonly E[]): Promise<Record<string, number>>
}

/** A recipe joined with a model that is not trained step by step but fitted in one go, such as one that counts. */
export interface FittedPipeline<E> extends LearnedPipeline<E> {
  /** Fits the model and returns its metrics on the validation part. */
  fit(train: readonly E[], validation: readonly E[]): Promise<Record<string, number>>
  /** The content of `model.safetensors`. */
  save(): Uint8Array
  /** @param file the name for messages */
  load(bytes: Uint8Array, file: string): void
}

/**
 * A task from raw data to a finished model, for one config. The definition carries name, summary and config schema, from which
 * command-line options and forms are made; `create` gives this.
 *
 * Nothing here touches a file system or a page: data come as a {@link DataSource}.
 */
export interface Recipe<E, X = E, B = unknown> {
  /** Needed where the pipeline trains step by step. */
  readonly training?: TrainingSettings
  /** The first is the one that the recipe is judged by. */
  readonly metrics: readonly MetricInfo[]
  /** What `--data` may be, in one line. */
  readonly dataFormat: string
  /** Examples that the project generates itself. */
  builtIn(seed: number): readonly E[]
  read(source: DataSource): Promise<ReadExamples<E>>
  /** Three parts; the same seed gives the same ones. */
  split(examples: readonly E[], seed: number): Dataset<E>
  fit(train: readonly E[]): RunFiles
  /** The model as data; it is built through the registry. */
  model(files: RunFiles): PartSpec
  pipeline(model: Module, files: RunFiles): Pipeline<E, X, B> | FittedPipeline<E>
  /**
   * Settings that suit given data of that many training examples better than the recipe's defaults; they hold where the user sets
   * nothing else, and are written into the run's config. Built-in data take the defaults.
   *
   * @param given what the user sets
   */
  settingsFor?(numTraining: number, given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>
  /** What a much simpler method reaches on the same test examples. */
  baseline?(dataset: Dataset<E>): Promise<Record<string, number>>
}

// biome-ignore lint/suspicious/noExplicitAny: a registry holds recipes of any example type; each goes only with its own pipeline
export type AnyRecipe = Recipe<any, any, any>

/** Where plugins contribute recipes. */
export const recipePoint = new ExtensionPoint<AnyRecipe, undefined>('recipe')
