import type { RandomStream } from '@heddle/core'
import { BatchSampler, batchesByLength, MappedBatches } from '@heddle/data'
import type { Decoded } from '@heddle/decoding'
import { type Module, setTraining } from '@heddle/layers'
import type { Tokenizer } from '@heddle/tokenizer'
import { type BatchSource, validate } from '@heddle/trainer'
import type { Exhibit } from '../exhibit.ts'
import type { Abilities, EvaluateOptions, Pipeline, Translation } from '../recipe.ts'
import type { WritingExample } from './exact-match.ts'
import { frameIds, pieceOf } from './target-tokens.ts'
import { type WritingModel, writeSequences } from './write-sequences.ts'
import type { WritingSettings } from './writing-settings.ts'
import {
  checkWriter,
  type EncodedExample,
  type FrameIds,
  type SourceTensors,
  type WritingBatch,
  WritingTask,
} from './writing-task.ts'

const VALIDATION_BATCH = 128
/** Validation examples that are written out at each validation. */
const WRITTEN_IN_VALIDATION = 200
const SHOWN = 12

/** Writes a text for each source, and tells where it looked. */
export interface Writer<S> {
  write(sources: readonly S[], options: { beamWidth: number; maxLength: number }): Promise<Translation[]>
}

/** Changes a training example at random each time that it is drawn. */
export type Augmentation<X> = (example: EncodedExample<X>, rng: RandomStream) => EncodedExample<X>

/**
 * What a recipe brings to writing.
 *
 * @typeParam S a source as the data hold it
 * @typeParam X the source as numbers
 */
export interface WritingParts<S, X> {
  /** The recipe's name, for messages. */
  readonly name: string
  readonly model: Module
  readonly target: Tokenizer
  readonly settings: WritingSettings
  encode(source: S): X
  collate(sources: readonly X[]): SourceTensors
  /** Sources of like length share a batch. */
  length(source: X): number
  /**
   * Training examples of like length share a batch; the source's length when left out. What goes by the target too saves padding,
   * but its batches tend to be of one kind each.
   */
  trainingLength?(example: EncodedExample<X>): number
  /** The steps that attention looks at, by name. */
  steps(source: X): readonly string[]
  /** The recipe's own metrics of what was written. */
  score(predictions: readonly string[], examples: readonly WritingExample<S>[]): Record<string, number>
  /** What a run can be used for. */
  abilities(writer: Writer<S>): Abilities
  augmentation?(train: readonly EncodedExample<X>[]): Augmentation<X>
  /** Some unseen examples with what was written for them, each in the order of the other. */
  show(examples: readonly WritingExample<S>[], written: readonly Translation[]): Exhibit[]
}

/** Anything to text through an encoder-decoder. */
export class WritingPipeline<S, X> implements Pipeline<WritingExample<S>, EncodedExample<X>, WritingBatch>, Writer<S> {
  readonly abilities: Abilities
  readonly task: WritingTask<X>
  readonly #parts: WritingParts<S, X>
  readonly #model: WritingModel
  readonly #frame: FrameIds

  constructor(parts: WritingParts<S, X>) {
    checkWriter(parts.model, parts.name)
    const { labelSmoothing, scheduledSampling, steps } = parts.settings
    this.#parts = parts
    this.#model = parts.model as unknown as WritingModel
    this.#frame = frameIds(parts.target)
    this.abilities = parts.abilities(this)
    this.task = new WritingTask({
      model: this.#model,
      frame: this.#frame,
      labelSmoothing,
      scheduledSampling,
      samplingSteps: steps / 2,
      collate: (sources) => parts.collate(sources),
    })
  }

  trainingBatches(examples: readonly WritingExample<S>[], rng: RandomStream): BatchSource<EncodedExample<X>> {
    const { settings, length, augmentation } = this.#parts
    const encoded = this.#encode(examples)
    const sampler = new BatchSampler(encoded, {
      batchSize: Math.min(settings.batchSize, examples.length),
      length: (example) => this.#parts.trainingLength?.(example) ?? length(example.source),
      dropLast: true,
      rng,
    })
    return augmentation === undefined ? sampler : new MappedBatches(sampler, augmentation(encoded), rng)
  }

  validationBatches(examples: readonly WritingExample<S>[]): Iterable<EncodedExample<X>[]> {
    return batchesByLength(this.#encode(examples), {
      batchSize: VALIDATION_BATCH,
      length: ({ source }) => this.#parts.length(source),
    })
  }

  async validate(examples: readonly WritingExample<S>[]): Promise<Record<string, number>> {
    const some = examples.slice(0, WRITTEN_IN_VALIDATION)
    const written = await this.#write(some, { beamWidth: 1 })
    return this.#parts.score(this.#texts(written), some)
  }

  async evaluate(
    examples: readonly WritingExample<S>[],
    options: EvaluateOptions = {},
  ): Promise<Record<string, number>> {
    const written = await this.#write(examples, { ...options, beamWidth: this.#parts.settings.beamWidth })
    const { loss, tokenAccuracy } = await validate({
      model: this.#model,
      objective: this.task,
      batches: this.validationBatches(examples),
    })
    setTraining(this.#model, false)
    return {
      ...this.#parts.score(this.#texts(written), examples),
      tokenAccuracy: tokenAccuracy!,
      loss: loss!,
      examples: examples.length,
    }
  }

  async demonstrate(examples: readonly WritingExample<S>[], rng: RandomStream): Promise<Exhibit[]> {
    const shown = rng.shuffled(examples).slice(0, SHOWN)
    const { beamWidth, maxLength } = this.#parts.settings
    const written = await this.write(
      shown.map(({ source }) => source),
      { beamWidth, maxLength },
    )
    return this.#parts.show(shown, written)
  }

  /** What the model writes for each source, with the attention that it paid. */
  async write(
    sources: readonly S[],
    { beamWidth, maxLength }: { beamWidth: number; maxLength: number },
  ): Promise<Translation[]> {
    const encoded = sources.map((source) => this.#parts.encode(source))
    const options = { model: this.#model, frame: this.#frame, beamWidth, maxLength, attention: true }
    const written = await writeSequences(encoded, this.#parts, options)
    return written.map((decoded, i) => this.#described(encoded[i]!, decoded))
  }

  #described(source: X, { ids, logProbability, attention, finished }: Decoded): Translation {
    const { target, steps } = this.#parts
    const text = target.decode(ids)
    if (attention === undefined || attention.length === 0) return { text, logProbability }
    const rows = finished ? [...ids, this.#frame.end] : ids
    const names = steps(source)
    return {
      text,
      logProbability,
      attention: {
        source: names,
        target: rows.slice(0, attention.length).map((id) => pieceOf(target, id)),
        weights: attention.map((row) => [...row.subarray(0, names.length)]),
      },
    }
  }

  #write(examples: readonly WritingExample<S>[], options: EvaluateOptions & { beamWidth: number }): Promise<Decoded[]> {
    const sources = examples.map(({ source }) => this.#parts.encode(source))
    const { maxLength } = this.#parts.settings
    return writeSequences(sources, this.#parts, { model: this.#model, frame: this.#frame, maxLength, ...options })
  }

  #texts(written: readonly Decoded[]): string[] {
    return written.map(({ ids }) => this.#parts.target.decode(ids))
  }

  #encode(examples: readonly WritingExample<S>[]): EncodedExample<X>[] {
    const { target: tokenizer } = this.#parts
    return examples.map(({ source, target }) => ({
      source: this.#parts.encode(source),
      target: tokenizer.encodeIds(target),
    }))
  }
}
