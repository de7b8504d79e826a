import type { RandomStream } from '@heddle/core'
import { HeddleError, type PartSpec, type Registry } from '@heddle/core'
import { countParameters, disposeParameters, type Module, modelPoint, setTraining } from '@heddle/layers'
import type { RunStore, TrainingResult } from '@heddle/trainer'
import { collectFacts } from '../check/collect-facts.ts'
import type { ExampleFacts } from '../check/facts.ts'
import type { Exhibit } from '../exhibits/exhibit.ts'
import type { Dataset, SplitSettings } from '../run/dataset.ts'
import { officialSplit, splitAtRandom } from '../run/dataset.ts'
import { writeJson } from '../run/json-file.ts'
import type { HandedOver, StartingPoint } from '../run/starting-point.ts'
import { type RecordingRegistry, recordingRegistry, type UsedPart } from '../run/used-parts.ts'
import { writeTask, writeWeights } from '../run/write-task.ts'
import type { ExportedAsset } from './assets.ts'
import type { TaskConfig, TaskContext, TaskParts } from './define-task.ts'
import { demonstrationPoint } from './demonstration.ts'
import { encoderOf } from './encoder-head.ts'
import { fitDirectly } from './fit-directly.ts'
import type { FitOptions } from './fit-options.ts'
import type { Abortable, AnyPipeline, DemonstrateOptions, EvaluateOptions, StepwiseLearning } from './pipeline.ts'
import { mergeSettings } from './settings.ts'
import { sizedModel } from './sized-model.ts'
import { trainerFor } from './trainer-for.ts'
import { checkParts, prepareParameters } from './training-settings.ts'

// biome-ignore lint/suspicious/noExplicitAny: the assets and the settings are a matter of the definition
type AnyParts<E, L extends AnyPipeline> = TaskParts<E, any, any, L>

interface Prepared<L> {
  readonly assets: object
  readonly spec: PartSpec
  readonly model: Module
  readonly pipeline: L
}

/**
 * A model with everything between raw examples and numbers: it learns its tokenizer, labels and the like from the training
 * examples, builds the model once, trains, evaluates, predicts, and is saved as a run folder.
 *
 * @typeParam E an example
 * @typeParam L the task's pipeline, which gives `predict` its types
 */
// biome-ignore lint/suspicious/noExplicitAny: the default stands for a task of unknown kind
export class Task<E = any, L extends AnyPipeline = AnyPipeline> {
  readonly type: string
  /** Unit of the training rate. */
  readonly unit: string
  readonly config: TaskConfig
  readonly registry: Registry
  readonly #parts: AnyParts<E, L>
  readonly #where: string
  readonly #streams: { readonly weights: RandomStream; readonly batches: RandomStream; readonly samples: RandomStream }
  readonly #registry: RecordingRegistry
  #prepared: Prepared<L> | undefined
  #handedOver: HandedOver | undefined

  /** Use the `create` of a task, such as `textClassification.create`. */
  constructor(
    parts: AnyParts<E, L>,
    config: TaskConfig,
    { registry, rng, where, saved }: TaskContext & { readonly where: string },
  ) {
    checkParts(config, saved ?? config.model, registry)
    this.type = parts.name
    this.unit = typeof parts.unit === 'string' ? parts.unit : parts.unit(config)
    this.config = config
    this.registry = registry
    this.#parts = parts
    this.#where = where
    // A fixed order, so that no stream depends on how much another draws.
    this.#streams = { weights: rng.split(), batches: rng.split(), samples: rng.split() }
    this.#registry = recordingRegistry(registry)
  }

  /** Name for messages. */
  get where(): string {
    return this.#where
  }

  /** @throws HeddleError `usage` before the task is fitted or opened */
  get model(): Module {
    return this.#ready.model
  }

  /** The model as data, with every default and the sizes that the data decided. */
  get modelSpec(): PartSpec {
    return this.#ready.spec
  }

  /** The task joined with its model. */
  get pipeline(): L {
    return this.#ready.pipeline
  }

  /** The weights that a starting point did not give, or had left; undefined without one. */
  get handedOver(): HandedOver | undefined {
    return this.#handedOver
  }

  get numParameters(): number {
    return countParameters(this.model).total
  }

  /** The learned assets as JSON, by file name. */
  get files(): ReadonlyMap<string, unknown> {
    const { assets } = this.#ready
    return new Map(
      Object.entries(this.#parts.assets).map(([key, asset]) => [
        asset.file,
        asset.toJSON((assets as Record<string, unknown>)[key]),
      ]),
    )
  }

  /** The shares of the assets in a folder of transformers, by the file that a run keeps each in. */
  get exportedAssets(): ReadonlyMap<string, ExportedAsset> {
    const { assets, spec } = this.#ready
    const maxLength = typeof spec['contextLength'] === 'number' ? spec['contextLength'] : undefined
    return new Map(
      Object.entries(this.#parts.assets).flatMap(([key, asset]) => {
        const exported = asset.toFolder?.((assets as Record<string, unknown>)[key], { maxLength })
        return exported === undefined ? [] : [[asset.file, exported] as const]
      }),
    )
  }

  /** How files of assets that may differ in the members of an ensemble are combined, by file name. */
  get combining(): ReadonlyMap<string, (files: readonly unknown[]) => unknown> {
    return new Map(
      Object.values(this.#parts.assets).flatMap((asset) =>
        asset.combine === undefined ? [] : [[asset.file, (files) => asset.combine!(files)] as const],
      ),
    )
  }

  /** Every named part that was built, with its plugin; those of training from the first fit on. */
  get usedParts(): readonly UsedPart[] {
    return this.#registry.used()
  }

  /** The settings beside the schedule that go from the first step to the last, such as a batch that grows. */
  get dependOnSteps(): readonly string[] {
    const { batchRamp, averaging } = this.config.training
    return [
      ...(batchRamp === undefined ? [] : ['training.batchRamp']),
      ...(averaging?.type === 'swa' && averaging.start < 1 ? ['training.averaging.start'] : []),
      ...(this.#parts.dependOnSteps?.(this.config) ?? []),
    ]
  }

  /** The amount of data for people. */
  count(examples: readonly E[]): string {
    return this.#parts.count?.(examples, this.config) ?? `${examples.length.toLocaleString('en')} examples`
  }

  /**
   * Examples as checks of the data see them: a few of those that are read from files; none where the task does not describe its
   * examples.
   */
  async factsOf(examples: readonly E[]): Promise<readonly ExampleFacts[]> {
    const { facts } = this.#parts
    return facts === undefined ? [] : collectFacts(examples, (example) => facts(example, this.#ready.assets))
  }

  /** Splits examples as the files say, where they bring a split, or as the task needs it: at random, or by time. */
  split(examples: readonly E[], settings: SplitSettings, seed: number): Dataset<E> {
    const split = (all: readonly E[], sizes: SplitSettings): Dataset<E> =>
      this.#parts.split?.(all, sizes, seed, this.config) ?? splitAtRandom(all, sizes, seed)
    return (
      officialSplit(examples, (train) => split(train, { ...settings, test: 0 }), settings) ?? split(examples, settings)
    )
  }

  /**
   * Learns the assets from the training examples and builds the model; does nothing the second time.
   *
   * @param from a trained model to start from: its weights, and its assets in place of learned ones
   * @throws the signal's reason, with nothing prepared
   */
  async prepare(train: readonly E[], from?: StartingPoint, { signal }: Abortable = {}): Promise<void> {
    if (this.#prepared !== undefined) return
    signal?.throwIfAborted()
    if (train.length === 0) {
      throw new HeddleError('data', `${this.#where}: expected at least one training example, got none. Check the data.`)
    }
    const learned = (await this.#parts.learn(train, this.config, { signal })) as Record<string, unknown>
    if (from === undefined) return this.#build(learned)
    const assets = await from.assets(this.#parts.assets, learned)
    await this.#build(assets, this.#startingSpec(assets, from), from)
  }

  /** The model of a run that starts from another. */
  #startingSpec(assets: object, from: StartingPoint): PartSpec | undefined {
    const { model } = this.config
    const isSame = from.spec.type === model.type
    if (isSame && from.hasNewHead !== true) return mergeSettings(from.spec, model) as PartSpec
    // A model of another type starts with its own settings, and takes over the weights that are asked for.
    if (from.encoder === undefined || encoderOf(model) === undefined) return undefined
    // An encoder keeps its input: a table of tokens may be larger than the vocabulary.
    const { input } = from.encoder
    return { ...this.#sized(assets), ...(input !== undefined && { input }) }
  }

  /**
   * Sets the assets and builds the model from the content of a run folder.
   *
   * @param read the content of a JSON file
   * @param spec the saved model
   */
  async restore(read: (file: string) => Promise<unknown>, spec: PartSpec): Promise<void> {
    const assets: Record<string, unknown> = {}
    for (const [key, asset] of Object.entries(this.#parts.assets)) {
      assets[key] = asset.fromJSON(await read(asset.file), `${this.#where}/${asset.file}`)
    }
    await this.#build(assets, spec)
  }

  /**
   * Trains the model. The first call learns tokenizer, labels and the like from the examples; later calls train the same model
   * further.
   *
   * @throws HeddleError `data`, `config` or `training`
   */
  async fit(train: readonly E[], options: FitOptions<E> = {}): Promise<TrainingResult> {
    const { validation = [], store, resume = false, provenance, signal, events, recorders = [] } = options
    await this.prepare(train, undefined, { signal })
    const { learning } = this.pipeline
    const trainer =
      'objective' in learning
        ? await trainerFor(this, learning, { registry: this.#registry, rng: this.#streams.batches }, train, options)
        : undefined
    let release: (() => Promise<void>) | undefined
    try {
      await events?.onPrepared?.()
      // Only now, so that a mistake in the settings leaves nothing behind.
      release = await store?.lock?.()
      if (store !== undefined && !resume) await writeTask(store, this, provenance)
      if ('fit' in learning) return await fitDirectly(learning, train, validation, { store, events, recorders, signal })
      const result = await trainer!.train(signal)
      return result.reason === 'aborted' ? result : await this.#finish(result, learning, options)
    } finally {
      trainer?.dispose()
      await release?.()
    }
  }

  /** Learns what depends on the trained weights; a task that is stopped before that does it when it is resumed. */
  async #finish(
    result: TrainingResult,
    learning: StepwiseLearning<E>,
    { validation = [], store, signal }: FitOptions<E>,
  ): Promise<TrainingResult> {
    if (learning.finish === undefined) return result
    try {
      const changed = await learning.finish(validation, signal)
      const assets = { ...this.#ready.assets, ...changed }
      this.#prepared = { ...this.#ready, assets }
      if (store === undefined) return result
      const files = Object.keys(changed).map((key) => this.#parts.assets[key]!.file)
      for (const file of files) await writeJson(store, file, this.files.get(file))
      return result
    } catch (error) {
      if (signal?.aborted === true) return { ...result, reason: 'aborted' }
      throw error
    }
  }

  /** All metrics over examples with known answers. */
  async evaluate(examples: readonly E[], options?: EvaluateOptions): Promise<Record<string, number>> {
    setTraining(this.model, false)
    return this.pipeline.evaluate(examples, options)
  }

  /** One prediction for each input, in their order. */
  async predict(
    inputs: Parameters<L['predict']>[0],
    options?: EvaluateOptions,
  ): Promise<Awaited<ReturnType<L['predict']>>> {
    setTraining(this.model, false)
    return (await this.pipeline.predict(inputs, options)) as Awaited<ReturnType<L['predict']>>
  }

  /**
   * Shows what the model does with unseen examples: the pipeline's exhibits, then those of plugins.
   *
   * @param options the stream that examples are drawn from: by default one of the task's, which goes on from call to call
   */
  async demonstrate(
    examples: readonly E[],
    { rng = this.#streams.samples, ...options }: DemonstrateOptions & { readonly rng?: RandomStream } = {},
  ): Promise<readonly Exhibit[]> {
    setTraining(this.model, false)
    const exhibits = [...(await this.pipeline.demonstrate(examples, rng, options))]
    for (const { name } of this.registry.list(demonstrationPoint)) {
      options.signal?.throwIfAborted()
      const demonstrate = this.registry.create(demonstrationPoint, { type: name }, undefined)
      exhibits.push(...(await demonstrate(this as unknown as Task, examples)))
    }
    return exhibits
  }

  /** Writes a run folder: settings, assets and weights; {@link openTask} reads it. */
  async save(store: RunStore): Promise<void> {
    await writeTask(store, this)
    await writeWeights(store, this)
  }

  /** Frees the model's memory, and the state that training carries from batch to batch. */
  dispose(): void {
    if (this.#prepared === undefined) return
    const { learning } = this.#prepared.pipeline
    if ('objective' in learning) learning.objective.restore?.(new Map())
    disposeParameters(this.#prepared.model)
    this.#prepared = undefined
  }

  get #ready(): Prepared<L> {
    if (this.#prepared !== undefined) return this.#prepared
    throw new HeddleError(
      'usage',
      `${this.#where}: expected a task that is fitted or opened, got one without a model. Call fit first, or openTask.`,
    )
  }

  async #build(assets: object, saved?: PartSpec, from?: StartingPoint): Promise<void> {
    const registry = this.#registry
    const spec = saved ?? this.#sized(assets)
    const { part: model, config } = registry.build(modelPoint, spec, { rng: this.#streams.weights, registry })
    const { version } = registry.get(modelPoint, spec.type)
    try {
      this.#handedOver = await from?.handOver(model)
      prepareParameters(this.config.training, model, { rng: this.#streams.weights, registry }, this.#where)
      from?.handOverAdapters?.(model)
      this.#prepared = {
        assets,
        // With every default, so that a later change of a default changes no saved run.
        spec: { type: spec.type, ...(version !== undefined && { version }), ...(config as object) },
        model,
        pipeline: this.#parts.pipeline({ model, assets, config: this.config, registry, where: this.#where }),
      }
    } catch (error) {
      disposeParameters(model)
      throw error
    }
  }

  /** The model with the sizes that the data decide. */
  #sized(assets: object): PartSpec {
    return sizedModel(this.config.model, this.#parts.sizes(assets, this.config), this.registry, this.#where)
  }
}
