import {
  type ExtensionPoint,
  HeddleError,
  type PartSpec,
  RandomStream,
  type Registry,
  readSafetensors,
} from '@heddle/core'
import { disposeParameters, loadStateDict, type Module, modelPoint, setTraining } from '@heddle/layers'
import type { RunStore } from '@heddle/trainer'
import type { AnyRecipe, RunFiles } from './recipe.ts'
import { recipePoint } from './recipe.ts'
import { pluginsOf, type RunConfig, readJson, readRunConfig, recordingRegistry } from './run-config.ts'

/** A recipe, its model and the files between them: trained or about to be. */
export interface Run {
  readonly config: RunConfig
  readonly recipe: AnyRecipe
  readonly model: Module
  readonly pipeline: ReturnType<AnyRecipe['pipeline']>
  readonly registry: Registry
}

/** The streams of a run, split off its seed in a fixed order, so that none depends on how much another draws. */
export function runStreams(seed: number): { weights: RandomStream; batches: RandomStream; samples: RandomStream } {
  const root = new RandomStream(seed)
  return { weights: root.split(), batches: root.split(), samples: root.split() }
}

interface BuildOptions {
  readonly registry: Registry
  readonly recipeSpec: PartSpec
  readonly seed: number
  readonly data: RunConfig['data']
  readonly files: RunFiles
  /** The saved model's spec; without it the recipe makes one. */
  readonly modelSpec?: PartSpec
}

/** Builds recipe, model and pipeline, and the config that describes them. */
export function buildRun({ registry, recipeSpec, seed, data, files, modelSpec }: BuildOptions): Run {
  const recorder = recordingRegistry(registry)
  const recipe = recorder.registry.create(recipePoint, recipeSpec, undefined)
  const spec = modelSpec ?? recipe.model(files)
  const { weights } = runStreams(seed)
  const model = recorder.registry.create(modelPoint, spec, { rng: weights, registry: recorder.registry })
  const parts = recorder.used()
  const config: RunConfig = {
    format: 1,
    model: complete(modelPoint, spec, registry),
    recipe: complete(recipePoint, recipeSpec, registry),
    seed,
    data,
    files: Object.keys(files),
    parts,
    plugins: pluginsOf(parts, registry),
  }
  return { config, recipe, model, pipeline: recipe.pipeline(model, files), registry }
}

/** The spec with all defaults written out, so that a later change of a default changes no saved run. */
function complete<T, D>(point: ExtensionPoint<T, D>, spec: PartSpec, registry: Registry): PartSpec {
  const { version } = registry.get(point, spec.type)
  const config = registry.configOf(point, spec) as Record<string, unknown>
  return { type: spec.type, ...(version !== undefined && { version }), ...config }
}

export interface OpenOptions {
  readonly store: RunStore
  readonly registry: Registry
  /** How messages name the run, such as its folder. */
  readonly name?: string
}

/**
 * Opens a trained run. Config, recipe files and weights are all checked before the model is changed.
 *
 * @throws HeddleError `file`, `format`, `config`, `plugin` or `state-dict`, saying which file is at fault
 */
export async function openRun({ store, registry, name = 'run' }: OpenOptions): Promise<Run> {
  const config = await readRunConfig(store, registry, name)
  const bytes = await store.read('model.safetensors')
  if (bytes === undefined) {
    throw new HeddleError(
      'file',
      `${name}: expected model.safetensors, got none: the run is not trained to its end. Continue it with 'heddle train --resume ${name}'.`,
    )
  }
  const file = `${name}/model.safetensors`
  const { tensors } = readSafetensors(bytes, file)
  const run = await restoreRun({ store, registry, name }, config)
  if ('fit' in run.pipeline) run.pipeline.load(bytes, file)
  else loadStateDict(run.model, tensors)
  setTraining(run.model, false)
  return run
}

/** Builds a saved run without its weights. */
export async function restoreRun({ store, registry, name = 'run' }: OpenOptions, config: RunConfig): Promise<Run> {
  const files: Record<string, unknown> = {}
  for (const file of config.files) files[file] = await readJson(store, file, name)
  const { recipe: recipeSpec, model: modelSpec, seed, data } = config
  return buildRun({ registry, recipeSpec, modelSpec, seed, data, files })
}

/** Frees the memory of the run's model, and what its task carries from batch to batch. */
export function closeRun(run: Run): void {
  if ('task' in run.pipeline) run.pipeline.task.restore?.(new Map())
  disposeParameters(run.model)
}
