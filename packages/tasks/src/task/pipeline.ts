import type { RandomStream } from '@heddle/core'
import type { DataFile, Row } from '@heddle/data'
import type { Parameter } from '@heddle/layers'
import type { MetricInfo } from '@heddle/metrics'
import type { BatchSource, Objective } from '@heddle/trainer'
import type { Exhibit } from '../exhibits/exhibit.ts'
import type { Ability } from '../uses/ability.ts'

/** Ends a piece of work before its time. */
export interface Abortable {
  /** Ends the work within about a batch or a step, with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

export interface DemonstrateOptions extends Abortable {
  /** Whether training waits for it: a short text will do (default false). */
  readonly isBrief?: boolean
}

export interface EvaluateOptions extends Abortable {
  onProgress?(done: number, total: number): void
}

/** Training in steps, on batches. The trainer draws windows or encoded examples, which only the objective looks at. */
export interface StepwiseLearning<E> {
  // biome-ignore lint/suspicious/noExplicitAny: drawn items and batches are a matter between the batch source and the objective
  readonly objective: Objective<any, any>
  /** Names of the values that a validation of these examples yields; the first is monitored unless the settings name another. */
  validationMetrics(examples: readonly E[]): readonly string[]
  /** Endless training batches; encodes the examples first, where that is not done as they are drawn. */
  trainingBatches(
    examples: readonly E[],
    rng: RandomStream,
    options?: Abortable,
  ): BatchSource<unknown> | Promise<BatchSource<unknown>>
  /** Whether these batches follow `training.batchRamp` by themselves; otherwise the examples of each are dealt out in parts. */
  readonly growsBatches?: boolean
  /** Held-out examples in batches, for the validation loss. */
  validationBatches(
    examples: readonly E[],
    options?: Abortable,
  ): Iterable<readonly unknown[]> | AsyncIterable<readonly unknown[]>
  /** Further metrics at every validation; must be quick, and ends within a step when the signal aborts. */
  validate?(examples: readonly E[], signal?: AbortSignal): Promise<Record<string, number>>
  /**
   * Learns what depends on the trained weights, such as thresholds, once training is over and the best weights are in the model.
   *
   * @returns the task's assets that have changed, by name
   */
  finish?(validation: readonly E[], signal?: AbortSignal): Promise<Readonly<Record<string, unknown>>>
}

/** Fitting in one pass, for models that count instead of following a gradient. */
export interface DirectLearning<E> {
  /** Fits the model and returns its metrics on the validation part. */
  fit(train: readonly E[], validation: readonly E[], options?: Abortable): Promise<Record<string, number>>
  /** Says which of the examples will not be used, for people; undefined where all are. */
  leavesOut?(train: readonly E[]): string | undefined
  /** Content of `model.safetensors`. */
  save(): Uint8Array
  /** @param file the name for messages */
  load(bytes: Uint8Array, file: string, options?: Abortable): Promise<void>
}

export interface TextInputOptions {
  /** Whether the text is words with spaces between them, not to be split in another way. */
  readonly isSplit: boolean
}

/** A file or standard input, of which inputs are read. */
export interface InputSource {
  readonly name: string
  /** Its lines, read as they are needed. A source is read once, by its lines or by its bytes. */
  lines(): AsyncIterable<string>
  /** All of it. */
  bytes(): Promise<Uint8Array>
  /** Settings under `data` of the run's recipe, such as the columns that it read. */
  readonly settings: Readonly<Record<string, unknown>>
}

/** An input of a source, with what tells which one it is. */
export interface InputRow<I> {
  /** Counted from 1, for sources of lines. */
  readonly line?: number
  /** The last of several lines. */
  readonly lastLine?: number
  /** Columns that go beside the result. */
  readonly cells: Row
  /** Undefined where the source has none in this place. */
  readonly input?: I
  /** The reason why it cannot be read, if so. */
  readonly problem?: string
}

/** Makes inputs of the command's arguments: each a text, or each the path of a file; and of the rows of a table. */
export type InputReader<I> = (
  | {
      readonly kind: 'text'
      /** Whether the lines of a file are an input each (default), or one input together. */
      readonly lines?: 'inputs' | 'one input'
      read(text: string, options?: TextInputOptions): I
    }
  | {
      /** Two texts that belong together: two columns of a table, or a line with a tab or `|||` between them. */
      readonly kind: 'pair'
      /** Usual names of the columns, the ones to prefer first. */
      readonly columns: readonly (readonly [string, string])[]
      read(texts: readonly [string, string]): I
    }
  | {
      readonly kind: 'file'
      /** Whether an input is a folder of files, such as a clip of its frames. Default: false. */
      readonly isFolder?: boolean
      read(file: DataFile): Promise<I>
    }
) & {
  /**
   * Reads a source in a format of the task's own, such as sentences with a word in each line, pictures in an array, or a series in a table.
   *
   * @returns the source, to be read in the usual way, where it is in no such format
   */
  readAll?(
    source: InputSource,
  ): Promise<{ readonly rows: AsyncIterable<InputRow<I>> } | { readonly source: InputSource }>
}

/** A table with a vector for each word. */
export interface WordTable {
  /** [V, D] */
  readonly weight: Parameter
  /** The row of each word. */
  readonly rows: ReadonlyMap<string, number>
  /** The setting that decides D, for messages. */
  readonly sizeSetting: string
}

/**
 * A task joined with a model: everything between raw examples and numbers.
 *
 * @typeParam E an example as the data hold it
 * @typeParam I an input of a prediction: an example without its answer
 * @typeParam P a prediction, as data
 */
export interface Pipeline<E, I, P> {
  readonly learning: StepwiseLearning<E> | DirectLearning<E>
  /** The values that `evaluate` reports; the first one is the one to judge by. */
  readonly metrics: readonly MetricInfo[]
  evaluate(examples: readonly E[], options?: EvaluateOptions): Promise<Record<string, number>>
  predict(inputs: readonly I[], options?: EvaluateOptions): Promise<readonly P[]>
  /** Function that makes predictions of the model's logits (default: softmax); an ensemble averages its values. */
  readonly activation?: 'softmax' | 'sigmoid' | 'identity'
  readonly input: InputReader<I>
  /** A prediction as a line for people: `positive (98 %)`. */
  format(prediction: P): string
  /** A prediction as a row of a file, whose first column is `prediction` (default: the line for people). */
  row?(prediction: P): Row
  /** Shows what the model does with examples that it has not seen. */
  demonstrate(examples: readonly E[], rng: RandomStream, options?: DemonstrateOptions): Promise<readonly Exhibit[]>
  /** The table with the vectors of the words that the model reads, where it has one: pre-trained vectors go there. */
  readonly wordTable?: WordTable
  /** The same for the words that it writes; one table where it has one for both. */
  readonly targetWordTable?: WordTable
  /** Uses of the model beyond predicting. */
  readonly abilities: readonly Ability[]
}

// biome-ignore lint/suspicious/noExplicitAny: a registry holds tasks of any example type; each goes only with its own pipeline
export type AnyPipeline = Pipeline<any, any, any>
