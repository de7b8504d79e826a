import { HeddleError, parseConfig, periodicYield, RandomStream, type Registry } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'
import type { Abortable } from '../task/pipeline.ts'
import { checkSameData, type GivenData, loadDataset } from './given-data.ts'
import type { Run } from './open-run.ts'
import { recipePoint } from './recipe.ts'

export interface TrainingBatches {
  /** Each batch: its tensors by path (`inputs.0`, `labels`); booleans among its fields are scalars. */
  readonly batches: readonly ReadonlyMap<string, tf.Tensor>[]
  /** Number of batches in a pass over the data. */
  readonly batchesPerEpoch: number
}

/**
 * The first training batches of a run as tensors, in the order of a new run with its seed; the caller frees them.
 *
 * @throws HeddleError `usage` for a run that does not learn in steps or is of no recipe, `data` unless the data are those that it was
 * started with
 */
export async function trainingBatches(
  { task, config }: Run,
  registry: Registry,
  given: GivenData,
  count: number,
  { signal }: Abortable = {},
): Promise<TrainingBatches> {
  const { learning } = task.pipeline
  if (config.recipe === null || config.seed === null || !('objective' in learning)) {
    throw new HeddleError(
      'usage',
      `${task.where}: expected a run of a recipe that trains in steps, got ${config.recipe === null ? 'a task that was trained from code' : 'one that is fitted in one pass'}. Export it without batches.`,
    )
  }
  await checkSameData(config, given, task.where)
  const recipe = registry.create(recipePoint, { type: config.recipe.name }, undefined)
  const data = parseConfig('config.json: recipe.data', recipe.data.config, config.recipe.data)
  const { dataset } = await loadDataset(recipe, task, given, data, config.seed)
  const rng = new RandomStream(config.seed)
  rng.split() // the stream of the weights comes first
  const drawn = await learning.trainingBatches(dataset.train, rng.split(), { signal })
  const batches: ReadonlyMap<string, tf.Tensor>[] = []
  const yieldNow = periodicYield(signal)
  try {
    for (let i = 0; i < count; i++) {
      await yieldNow()
      batches.push(new Map(tensorsIn(learning.objective.collate(await drawn.next()), '')))
    }
  } catch (error) {
    for (const batch of batches) tf.dispose([...batch.values()])
    throw error
  }
  return { batches, batchesPerEpoch: drawn.batchesPerEpoch }
}

function tensorsIn(value: unknown, path: string): [string, tf.Tensor][] {
  if (value instanceof tf.Tensor) return [[path, value]]
  if (typeof value === 'boolean') return [[path, tf.scalar(value ? 1 : 0, 'int32')]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, each]) => tensorsIn(each, path === '' ? key : `${path}.${key}`))
}
