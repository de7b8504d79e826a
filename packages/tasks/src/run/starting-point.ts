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
import { readJson } from './json-file.ts'
import { restoreTask } from './open-run.ts'
import { readRunConfig } from './run-config.ts'

export interface StartingPointOptions {
  /** A run, or a folder in the layout of transformers. */
  readonly store: RunStore
  readonly registry: Registry
  /** Name for messages and for the new run's config.json, such as the folder. */
  readonly name: string
  /** Paths of the weights to take over (default: all): `encoder`, `layers.*.attention`. */
  readonly weights?: readonly string[] | undefined
}

/** A trained model that another run starts from. */
export interface StartingPoint {
  readonly name: string
  readonly weights?: readonly string[] | undefined
  /** The type of its task; undefined for a checkpoint of another library. */
  readonly task: string | undefined
  /** Its model's settings. */
  readonly spec: PartSpec
  /** Its assets of the same files in place of learned ones, as far as they cover what was learned. */
  assets(assets: AssetsOf<object>, learned: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>>
  /**
   * Sets the weights of a model, which then share their memory; adapters are merged before. It serves once.
   *
   * @throws HeddleError `state-dict`, listing every weight that does not fit; the model is as it was
   */
  handOver(model: Module): Promise<void>
}

/**
 * Opens a run, or a checkpoint of transformers, to start from.
 *
 * @throws HeddleError `file`, `format`, `config` or `plugin`
 */
export async function openStartingPoint(options: StartingPointOptions): Promise<StartingPoint> {
  const { store, registry, name, weights } = options
  const config = (await readJson(store, 'config.json', name)) as Readonly<Record<string, unknown>>
  for (const { name: layout } of registry.list(pretrainedPoint)) {
    const format = registry.create(pretrainedPoint, { type: layout }, undefined)
    if (!format.reads(config)) continue
    const { model, spec } = await format.load(store, { registry, rng: new RandomStream(1) })
    return {
      ...{ name, weights, task: undefined, spec },
      assets: (assets, learned) => assetsOfFolder(store, assets, learned),
      handOver: async (target) => handOver(model, target, options),
    }
  }
  const run = await readRunConfig(store, registry, name)
  const task = await restoreTask({ store, registry, name }, run)
  const { model } = task
  return {
    ...{ name, weights, task: run.task.type, spec: task.modelSpec },
    assets: (assets, learned) => assetsOfRun(store, name, assets, learned),
    async handOver(target) {
      matchWeights(model, target, options)
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
      handOver(model, target, options)
    },
  }
}

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
    if (asset.fromFolder !== undefined) result[key] = await asset.fromFolder(folder)
  }
  return result
}

function handOver(source: Module, target: Module, options: StartingPointOptions): void {
  try {
    mergeAdapters(source).dispose()
    for (const [to, from] of matchWeights(source, target, options)) to.assign(from.value)
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
  const saved = weightsOf(source)
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

/** The parameters of a model by path, without those of adapters. */
function weightsOf(model: Module): Map<string, Parameter> {
  const inAdapters = new Set(
    adaptedLayers(model).flatMap(([, { adapter }]) => namedParameters(adapter).map(([, each]) => each)),
  )
  return new Map(namedParameters(model).filter(([, parameter]) => !inAdapters.has(parameter)))
}
