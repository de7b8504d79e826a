import { abortableFolder, HeddleError, openFile, openSafetensors, RandomStream, type Registry } from '@heddle/core'
import { loadWeights, setTraining } from '@heddle/layers'
import type { RunStore } from '@heddle/trainer'
import type { Task } from '../task/task.ts'
import { taskPoint } from '../task/task-point.ts'
import { readJson } from './json-file.ts'
import { type RunConfig, readRunConfig } from './run-config.ts'
import { shellWord } from './shell-word.ts'

const WEIGHTS = 'model.safetensors'

/** A task as it was saved, with the origin of its examples. */
export interface Run {
  readonly task: Task
  readonly config: RunConfig
}

export interface OpenOptions {
  readonly store: RunStore
  readonly registry: Registry
  /** Name for messages, such as the run's folder. */
  readonly name?: string
  /** Ends it before the next file or tensor is read, with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Reads a saved task.
 *
 * @throws HeddleError `file`, `format`, `config`, `plugin` or `state-dict`, which names the file at fault
 */
export async function openTask(
  store: RunStore,
  registry: Registry,
  name = 'run',
  { signal }: Pick<OpenOptions, 'signal'> = {},
): Promise<Task> {
  return (await openRun({ store, registry, name, signal })).task
}

/**
 * Reads a trained run. Settings, assets and weights are all checked before the model is changed.
 *
 * @throws HeddleError `file`, `format`, `config`, `plugin` or `state-dict`, which names the file at fault
 */
export async function openRun({ store: given, registry, name = 'run', signal }: OpenOptions): Promise<Run> {
  const store = abortableFolder(given, signal)
  const config = await readRunConfig(store, registry, name)
  const weights = await openFile(store, WEIGHTS)
  if (weights === undefined) {
    throw new HeddleError(
      'file',
      `${name}: expected model.safetensors, got none: the run is not trained to its end. Continue it with: heddle train --resume ${shellWord(name)}`,
    )
  }
  const file = `${name}/${WEIGHTS}`
  let task: Task | undefined
  try {
    task = await restoreTask({ store, registry, name }, config)
    const { learning } = task.pipeline
    if ('fit' in learning) await learning.load(await weights.read(0, weights.size), file, { signal })
    else await loadWeights(task.model, await openSafetensors(weights, file))
  } catch (error) {
    task?.dispose()
    throw error
  } finally {
    await weights.close()
  }
  setTraining(task.model, false)
  return { task, config }
}

/** Builds a saved task without its weights. */
export async function restoreTask(
  { store, registry, name = 'run' }: Omit<OpenOptions, 'store'> & { readonly store: Pick<RunStore, 'read'> },
  config: RunConfig,
): Promise<Task> {
  const rng = new RandomStream(config.seed ?? 1)
  const task = registry.create(taskPoint, config.task, { registry, rng, where: name, saved: config.model })
  await task.restore((file) => readJson(store, file, name), config.model)
  return task
}
