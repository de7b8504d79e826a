import { HeddleError, mapInTurns, type RandomStream } from '@heddle/core'
import { BatchSampler, batchesByLength, MappedBatches, type Row } from '@heddle/data'
import type { Decoded } from '@heddle/decoding'
import { type Module, setTraining } from '@heddle/layers'
import type { MetricInfo } from '@heddle/metrics'
import type { Tokenizer } from '@heddle/tokenizer'
import { type BatchSource, validate } from '@heddle/trainer'
import type { AttentionMap } from '../exhibits/attention.ts'
import { constraintOptions, type DecodingConstraints } from '../task/decoding-constraints.ts'
import type { Abortable, EvaluateOptions, StepwiseLearning } from '../task/pipeline.ts'
import type { Scorer } from '../task/scorer.ts'
import { type DecodeSourcesOptions, decodeSources, type Seq2SeqModel } from './decode-sources.ts'
import type { SequenceToTextConfig } from './settings.ts'
import { type FrameIds, frameIds, tokenText } from './target-tokens.ts'
import { type EncodedPair, type SourceTensors, TeacherForcing } from './teacher-forcing.ts'

const VALIDATION_BATCH = 128
/** Number of validation examples that are decoded at each validation. */
const DECODED_IN_VALIDATION = 200

/** A source with the text that belongs to it. */
export interface SourceTargetPair<S> {
  readonly source: S
  readonly target: string
}

/** A text that the model wrote. */
export interface WrittenText {
  readonly text: string
  readonly logProbability: number
  /** Present for models with attention. */
  readonly attention?: AttentionMap
}

/** A written text as a row of a file. */
export const writtenRow = ({ text, logProbability }: WrittenText): Row => ({ prediction: text, logProbability })

export interface WriteOptions extends DecodingConstraints, EvaluateOptions {
  readonly beamWidth: number
  readonly maxLength: number
  readonly lengthPenalty?: number | undefined
  readonly earlyStopping?: boolean | undefined
}

/**
 * Makes tensors of sources; texts, sounds and pictures each have one.
 *
 * @typeParam S a source as the data hold it
 * @typeParam X the source as numbers
 */
export interface SourceReader<S, X> {
  encode(source: S): X
  collate(sources: readonly X[]): SourceTensors
  /** Number of steps; sources of similar length share a batch. */
  length(source: X): number
  /** Length by which training examples share a batch (default: the source's). */
  trainingLength?(pair: EncodedPair<X>): number
  /** Names of the steps that attention looks at. */
  steps(source: X): readonly string[]
  /** Changes a training example at random each time that it is drawn. */
  augment?(pair: EncodedPair<X>, rng: RandomStream, all: readonly EncodedPair<X>[]): EncodedPair<X>
}

/** The values that every task of this kind reports besides its metrics. */
const TEACHER_FORCED: readonly MetricInfo[] = [
  {
    name: 'tokenAccuracy',
    summary: 'tokens that are right, given the true ones before them',
    better: 'higher',
    percent: true,
  },
  { name: 'loss', summary: 'nats per token', better: 'lower' },
]

export interface SequenceToTextOptions<S, X> {
  readonly model: Module
  readonly target: Tokenizer
  readonly reader: SourceReader<S, X>
  readonly scorer: Scorer<string>
  readonly config: SequenceToTextConfig
  /** Name for messages. */
  readonly where: string
}

/** Writes a text for each source with an encoder-decoder: training, evaluation and decoding for any kind of source. */
export class SequenceToText<S, X> implements StepwiseLearning<SourceTargetPair<S>> {
  readonly objective: TeacherForcing<X>
  readonly metrics: readonly MetricInfo[]
  readonly #model: Seq2SeqModel
  readonly #target: Tokenizer
  readonly #reader: SourceReader<S, X>
  readonly #scorer: Scorer<string>
  readonly #config: SequenceToTextConfig
  readonly #frame: FrameIds

  /** @throws HeddleError `config` for a model without `encode` and `step` */
  constructor({ model, target, reader, scorer, config, where }: SequenceToTextOptions<S, X>) {
    if (!('encode' in model && 'step' in model)) {
      throw new HeddleError(
        'config',
        `${where}: expected a model with encode and step, got ${model.constructor.name}. Use an encoder-decoder.`,
      )
    }
    this.#model = model as unknown as Seq2SeqModel
    this.#target = target
    this.#reader = reader
    this.#scorer = scorer
    this.#config = config
    this.#frame = frameIds(target)
    this.metrics = [...scorer.metrics, ...TEACHER_FORCED]
    const { labelSmoothing, scheduledSampling, steps } = config.training
    this.objective = new TeacherForcing({
      model: this.#model,
      frame: this.#frame,
      labelSmoothing,
      scheduledSampling,
      samplingSteps: steps / 2,
      collate: (sources) => reader.collate(sources),
    })
  }

  async trainingBatches(
    examples: readonly SourceTargetPair<S>[],
    rng: RandomStream,
    options: Abortable = {},
  ): Promise<BatchSource<EncodedPair<X>>> {
    const reader = this.#reader
    const encoded = await this.#encode(examples, options)
    const sampler = new BatchSampler(encoded, {
      batchSize: Math.min(this.#config.training.batchSize, examples.length),
      length: (pair) => reader.trainingLength?.(pair) ?? reader.length(pair.source),
      dropLast: true,
      rng,
    })
    if (reader.augment === undefined) return sampler
    return new MappedBatches(sampler, (pair, stream) => reader.augment!(pair, stream, encoded), rng)
  }

  async *validationBatches(
    examples: readonly SourceTargetPair<S>[],
    options: Abortable = {},
  ): AsyncGenerator<EncodedPair<X>[]> {
    yield* batchesByLength(await this.#encode(examples, options), {
      batchSize: VALIDATION_BATCH,
      length: ({ source }) => this.#reader.length(source),
    })
  }

  validationMetrics(): readonly string[] {
    return this.metrics.map(({ name }) => name)
  }

  async validate(examples: readonly SourceTargetPair<S>[], signal?: AbortSignal): Promise<Record<string, number>> {
    const some = examples.slice(0, DECODED_IN_VALIDATION)
    return this.score(await this.#decode(some, { beamWidth: 1, signal }), some)
  }

  async evaluate(
    examples: readonly SourceTargetPair<S>[],
    options: EvaluateOptions = {},
  ): Promise<Record<string, number>> {
    const texts = await this.#decode(examples, { ...options, beamWidth: this.#config.decoding.beamWidth })
    const { loss, tokenAccuracy } = await validate({
      model: this.#model,
      objective: this.objective,
      batches: this.validationBatches(examples, { signal: options.signal }),
      ...(options.signal && { signal: options.signal }),
    })
    setTraining(this.#model, false)
    return { ...this.score(texts, examples), tokenAccuracy: tokenAccuracy!, loss: loss!, examples: examples.length }
  }

  /** The metrics of texts that were written for examples, by this model or by anything else. */
  score(texts: readonly string[], examples: readonly SourceTargetPair<S>[]): Record<string, number> {
    return this.#scorer.score(
      texts,
      examples.map(({ target }) => target),
      examples.map(({ source }) => source),
    )
  }

  /**
   * Each example with its target, the text that is written for it, and the log-probability of that.
   *
   * @param describe the source for people
   */
  async judge(
    examples: readonly SourceTargetPair<S>[],
    describe: (example: SourceTargetPair<S>) => Row,
    { signal }: Abortable = {},
  ): Promise<Row[]> {
    const sources = examples.map(({ source }) => source)
    const decoded = await this.decode(sources, { ...this.#decodingOptions({}), signal })
    return decoded.map(({ ids, logProbability }, i) => {
      const prediction = this.#target.decode(ids)
      return { ...describe(examples[i]!), gold: examples[i]!.target, prediction, logProbability }
    })
  }

  /** Writes a text for each source, with the attention paid on the way. */
  async write(sources: readonly S[], options: Partial<WriteOptions> = {}): Promise<WrittenText[]> {
    const { signal, onProgress, ...write } = options
    const decoded = await this.decode(sources, {
      attention: true,
      ...this.#decodingOptions(write),
      ...{ signal, ...(onProgress && { onProgress }) },
    })
    return decoded.map((each, i) => this.#described(this.#reader.encode(sources[i]!), each))
  }

  #described(source: X, { ids, logProbability, attention, finished }: Decoded): WrittenText {
    const text = this.#target.decode(ids)
    if (attention === undefined || attention.length === 0) return { text, logProbability }
    const rows = finished ? [...ids, this.#frame.end] : ids
    const names = this.#reader.steps(source)
    return {
      text,
      logProbability,
      attention: {
        source: names,
        target: rows.slice(0, attention.length).map((id) => tokenText(this.#target, id)),
        weights: attention.map((row) => [...row.subarray(0, names.length)]),
      },
    }
  }

  /** The ids that the model writes for each source, by default the best token at each step. */
  async decode(sources: readonly S[], options: Partial<DecodeSourcesOptions> = {}): Promise<Decoded[]> {
    const encoded = await mapInTurns(sources, (source) => this.#reader.encode(source), options.signal)
    const { maxLength } = this.#config.decoding
    const fixed = { model: this.#model, frame: this.#frame }
    return decodeSources(encoded, this.#reader, { maxLength, beamWidth: 1, ...options, ...fixed })
  }

  async #decode(
    examples: readonly SourceTargetPair<S>[],
    options: EvaluateOptions & { beamWidth: number },
  ): Promise<string[]> {
    const { onProgress, signal, ...write } = options
    const sources = examples.map(({ source }) => source)
    const decoded = await this.decode(sources, {
      ...this.#decodingOptions(write),
      ...(onProgress && { onProgress }),
      ...(signal && { signal }),
    })
    return decoded.map(({ ids }) => this.#target.decode(ids))
  }

  /** The settings of the run with those of a call over them. */
  #decodingOptions(write: Partial<WriteOptions>) {
    const settings = { ...this.#config.decoding, ...write }
    const { beamWidth, maxLength, lengthPenalty, earlyStopping } = settings
    const options = {
      ...constraintOptions(settings, this.#target),
      ...(lengthPenalty !== undefined && { lengthPenalty }),
      ...(earlyStopping !== undefined && { earlyStopping }),
    }
    return { beamWidth, maxLength, options }
  }

  #encode(examples: readonly SourceTargetPair<S>[], { signal }: Abortable): Promise<EncodedPair<X>[]> {
    const encode = ({ source, target }: SourceTargetPair<S>): EncodedPair<X> => ({
      source: this.#reader.encode(source),
      target: this.#target.encodeIds(target, { addSpecialTokens: false }),
    })
    return mapInTurns(examples, encode, signal)
  }
}
