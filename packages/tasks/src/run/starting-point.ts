import {
  type FileFolder,
  HeddleError,
  openFile,
  openSafetensors,
  type PartSpec,
  RandomStream,
  type Registry,
} from '@heddle/core'
import {
  adaptedLayers,
  disposeParameters,
  type HoldsEncoder,
  loadWeights,
  type Module,
  mergeAdapters,
  namedParameters,
  type Parameter,
  pathMatcher,
  pretrainedPoint,
} from '@heddle/layers'
import type { RunStore } from '@heddle/trainer'
import type { AssetsOf } from '../task/assets.ts'
import { encoderIn, type FoundEncoder } from '../task/encoder-head.ts'
import type { Settings } from '../task/settings.ts'
import { readJson } from './json-file.ts'
import { restoreTask } from './open-run.ts'
import { readRunConfig } from './run-config.ts'
import { keptAdapters, readAdapters } from './starting-adapters.ts'

export interface StartingPointOptions {
  /** A run, or a folder in the layout of transformers. */
  readonly store: RunStore
  readonly registry: Registry
  /** Name for messages and for the new run's config.json, such as the folder. */
  readonly name: string
  /** Paths of the weights to take over (default: all, or the encoder's for a model with another head): `layers.*.attention`. */
  readonly weights?: readonly string[] | undefined
  /** A folder of adapters, of which `store` is the base model. */
  readonly adapters?: FileFolder | undefined
  /** Name of the base model, for the new run's config.json. */
  readonly base?: string | undefined
  /** Whether the adapters are merged into the weights, so that a run trains these or adapters of its own. */
  readonly mergeAdapters?: boolean | undefined
  /** The model to read from a checkpoint of transformers in place of its own: `{ type: 'classifier' }`, see `headFor`. */
  readonly as?: PartSpec | undefined
}

/** Names of weights that did not come from the starting point, and of those that were left there. */
export interface HandedOver {
  readonly drawn: readonly string[]
  readonly unused: readonly string[]
  /** Paths that were taken over, where it was not all. */
  readonly weights?: readonly string[] | undefined
}

/** A trained model that another run starts from. */
export interface StartingPoint {
  readonly name: string
  readonly weights?: readonly string[] | undefined
  /** Name of the base model of its adapters. */
  readonly base?: string | undefined
  /** Whether its adapters are merged into the weights. */
  readonly mergedAdapters?: boolean | undefined
  /** Settings of `training.adapters` of adapters that the run continues to train. */
  readonly adapters?: Settings | undefined
  /** Whether the head was built for the new task: sizes and labels are then those of the data. */
  readonly hasNewHead?: boolean
  /** The type of its task; undefined for a checkpoint of another library. */
  readonly task: string | undefined
  /** Its model's settings. */
  readonly spec: PartSpec
  /** The encoder in its model, on which a run of another kind can put its own head. */
  readonly encoder?: FoundEncoder | undefined
  /** Its assets of the same files in place of learned ones, as far as they cover what was learned. */
  assets(assets: AssetsOf<object>, learned: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>>
  /**
   * Sets the weights of a model, which then share their memory; adapters are merged before. It serves once.
   *
   * @throws HeddleError `state-dict`, listing every weight that does not fit; the model is as it was
   */
  handOver(model: Module): Promise<HandedOver>
  /** Sets the weights of a model's adapters, where there are {@link StartingPoint.adapters}, after {@link StartingPoint.handOver}. */
  handOverAdapters?(model: Module): void
}

/**
 * Opens a run, or a checkpoint of transformers, to start from, or the latter with adapters of peft.
 *
 * @throws HeddleError `file`, `format`, `config` or `plugin`
 */
export async function openStartingPoint(options: StartingPointOptions): Promise<StartingPoint> {
  const { store, registry, name, weights, as, adapters: folder, mergeAdapters: merges = false } = options
  const config = (await readJson(store, 'config.json', name)) as Readonly<Record<string, unknown>>
  for (const { name: layout } of registry.list(pretrainedPoint)) {
    const format = registry.create(pretrainedPoint, { type: layout }, undefined)
    if (!format.reads(config)) continue
    const context = { registry, rng: new RandomStream(1) }
    const { numLabels } = (folder && (await format.adaptersIn(folder))) ?? {}
    const head = as && { ...as, ...(numLabels !== undefined && { numLabels }) }
    const loaded = await format.load(store, context, head && { as: head })
    const { model, spec, unused = [] } = loaded
    const adapters = folder && (await readAdapters(format, model, spec, { ...options, adapters: folder }, context))
    const drawn = loaded.drawn?.filter((weight) => adapters?.restored.includes(weight) !== true) ?? []
    const { drawnParameters = new Set<Parameter>() } = loaded
    const kept = merges || adapters === undefined ? undefined : keptAdapters(model)
    let keepsHead = as === undefined
    let keepsPartOfHead = false
    return {
      ...{ name, weights, task: undefined, spec, encoder: encoderIn(model, spec), hasNewHead: as !== undefined },
      ...(folder && { base: options.base, mergedAdapters: merges }),
      ...(kept && { adapters: adapters!.settings, handOverAdapters: kept.handOver }),
      async assets(assets, learned) {
        const found = await assetsOfFolder(store, assets, learned)
        // A head is of use for the labels that it was trained on; that of a masked language model or of answers has none.
        const hasOwnLabels = learned['labels'] === undefined || found['labels'] !== learned['labels']
        keepsPartOfHead = hasOwnLabels && drawn.length > 0 && hasPartOfHead(model, drawnParameters)
        keepsHead ||= hasOwnLabels && (drawn.length === 0 || keepsPartOfHead)
        return found
      },
      async handOver(target) {
        const isWhole = keepsHead && !isOfOtherKind(model, target)
        const left = isWhole && keepsPartOfHead ? drawnParameters : undefined
        const taken = handOver(model, target, isWhole ? options : onlyEncoder(options), left)
        return { ...taken, unused, drawn: drawn.length > 0 ? drawn : taken.drawn }
      },
    }
  }
  const run = await readRunConfig(store, registry, name)
  const task = await restoreTask({ store, registry, name }, run)
  const { model } = task
  return {
    ...{ name, weights, task: run.task.type, spec: task.modelSpec, encoder: encoderIn(model, task.modelSpec) },
    assets: (assets, learned) => assetsOfRun(store, name, assets, learned),
    async handOver(target) {
      const chosen = isOfOtherKind(model, target) ? onlyEncoder(options) : options
      matchWeights(model, target, chosen)
      const path = 'model.safetensors'
      const file = await openFile(store, path)
      if (file === undefined) {
        throw new HeddleError('file', `${name}: expected ${path}, got none: the run is not trained to its end.`)
      }
      try {
        await loadWeights(model, await openSafetensors(file, `${name}/${path}`))
      } finally {
        await file.close()
      }
      return handOver(model, target, chosen)
    },
  }
}

/** Path of the encoder in models that are a head on one. */
const ENCODER = 'encoder'

const isOnEncoder = (model: Module): boolean => ENCODER in model

/** Whether some weights of a head were in the folder, and others were drawn. */
const hasPartOfHead = (model: Module, drawn: ReadonlySet<Parameter>): boolean =>
  isOnEncoder(model) &&
  [...weightsOf(model)].some(([path, parameter]) => !path.startsWith(`${ENCODER}.`) && !drawn.has(parameter))

const fieldsOfEncoder = (model: Module): readonly string[] | undefined =>
  (model as Partial<HoldsEncoder>).asEncoder?.fields

/** Whether two models of different kinds have the encoder in common. */
const isOfOtherKind = (model: Module, target: Module): boolean =>
  isOnEncoder(target) &&
  (isOnEncoder(model) ? model.constructor !== target.constructor : fieldsOfEncoder(model) !== undefined)

const onlyEncoder = (options: StartingPointOptions): StartingPointOptions =>
  options.weights === undefined ? { ...options, weights: [ENCODER] } : options

async function assetsOfRun(
  store: RunStore,
  name: string,
  assets: AssetsOf<object>,
  learned: Readonly<Record<string, unknown>>,
) {
  const result: Record<string, unknown> = { ...learned }
  for (const [key, asset] of Object.entries(assets as AssetsOf<Record<string, unknown>>)) {
    if ((await store.read(asset.file)) === undefined) continue
    const saved = asset.fromJSON(await readJson(store, asset.file, name), `${name}/${asset.file}`)
    if (asset.covers?.(saved, learned[key]) ?? true) result[key] = saved
  }
  return result
}

async function assetsOfFolder(
  folder: FileFolder,
  assets: AssetsOf<object>,
  learned: Readonly<Record<string, unknown>>,
) {
  const result: Record<string, unknown> = { ...learned }
  for (const [key, asset] of Object.entries(assets as AssetsOf<Record<string, unknown>>)) {
    const saved = await asset.fromFolder?.(folder)
    if (saved !== undefined && (asset.covers?.(saved, learned[key]) ?? true)) result[key] = saved
  }
  return result
}

/** @param drawn parameters of the source that stay as the target has drawn them */
function handOver(
  source: Module,
  target: Module,
  options: StartingPointOptions,
  drawn: ReadonlySet<Parameter> = new Set(),
): HandedOver {
  try {
    mergeAdapters(source).dispose()
    const pairs = matchWeights(source, target, options).filter(([, from]) => !drawn.has(from))
    for (const [to, from] of pairs) to.assign(from.value)
    const taken = new Set(pairs.flat())
    const namesOfRest = (model: Module) =>
      [...weightsOf(model)].flatMap(([path, each]) => (taken.has(each) ? [] : [path]))
    return { drawn: namesOfRest(target), unused: namesOfRest(source), weights: options.weights }
  } finally {
    disposeParameters(source)
  }
}

/** The parameters to set, each with the one that it gets its values from. */
function matchWeights(
  source: Module,
  target: Module,
  { name, weights }: StartingPointOptions,
): [Parameter, Parameter][] {
  const saved = isOnEncoder(target) ? withEncoderPaths(source) : weightsOf(source)
  const wanted = weightsOf(target)
  const matchers = weights?.map((pattern) => pathMatcher(pattern, 'start'))
  const isChosen = (path: string) => matchers?.some((matches) => matches(path)) ?? true
  const pairs: [Parameter, Parameter][] = []
  const problems: string[] = []
  for (const [path, parameter] of wanted) {
    if (!isChosen(path)) continue
    const from = saved.get(path)
    if (from === undefined) problems.push(`missing '${path}'`)
    else if (`${from.shape}` !== `${parameter.shape}`)
      problems.push(`'${path}': expected [${parameter.shape}], got [${from.shape}]`)
    else pairs.push([parameter, from])
  }
  for (const path of saved.keys()) if (isChosen(path) && !wanted.has(path)) problems.push(`unexpected '${path}'`)
  for (const [i, matches] of (matchers ?? []).entries()) {
    if (![...wanted.keys()].some(matches)) problems.push(`'${weights![i]}' matches no weight of the model`)
  }
  if (problems.length === 0) return pairs
  throw new HeddleError(
    'state-dict',
    `${name}: expected the weights of the new model, got others: ${problems.join('; ')}. Choose those to take over by their paths, or give the model the settings of the run.`,
  )
}

/** The parameters of a model as those of a head on its encoder would be named. */
function withEncoderPaths(model: Module): Map<string, Parameter> {
  const fields = isOnEncoder(model) ? [] : (fieldsOfEncoder(model) ?? [])
  const isInEncoder = (path: string) => fields.includes(path.split('.')[0]!)
  return new Map([...weightsOf(model)].map(([path, each]) => [isInEncoder(path) ? `${ENCODER}.${path}` : path, each]))
}

/** The parameters of a model by path, without those of adapters. */
function weightsOf(model: Module): Map<string, Parameter> {
  const inAdapters = new Set(
    adaptedLayers(model).flatMap(([, { adapter }]) => namedParameters(adapter).map(([, each]) => each)),
  )
  return new Map(namedParameters(model).filter(([, parameter]) => !inAdapters.has(parameter)))
}
