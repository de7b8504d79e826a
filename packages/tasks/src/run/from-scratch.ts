import { RandomStream } from '@heddle/core'
import type { TrainerEvents } from '@heddle/trainer'
import type { Task } from '../task/task.ts'
import type { Dataset } from './dataset.ts'
import type { Recipe } from './recipe.ts'

export interface FromScratchOptions {
  readonly recipe: Recipe
  /** The task that started from another model. */
  readonly task: Task
  readonly dataset: Dataset<unknown>
  readonly seed: number
  /** The examples to judge by. */
  readonly heldOut: readonly unknown[]
  readonly signal?: AbortSignal | undefined
  readonly events?: TrainerEvents
}

/**
 * Metrics of the same network with the same assets, examples and settings, all of whose weights start at random and are trained.
 *
 * @returns undefined when training was stopped by the signal
 */
export async function metricsFromScratch(options: FromScratchOptions): Promise<Record<string, number> | undefined> {
  const { recipe, task, dataset, seed, heldOut, signal, events } = options
  const { freeze: _, adapters: __, ...training } = task.config.training
  const scratch = recipe.task.create(
    { ...task.config, training },
    {
      registry: task.registry,
      rng: new RandomStream(seed),
      where: `${task.where} from scratch`,
      saved: task.modelSpec,
    },
  )
  try {
    await scratch.restore(async (file) => task.files.get(file), task.modelSpec)
    const { reason } = await scratch.fit(dataset.train, {
      validation: dataset.validation,
      ...(signal && { signal }),
      ...(events && { events }),
    })
    return reason === 'aborted' ? undefined : await scratch.evaluate(heldOut, { signal })
  } finally {
    scratch.dispose()
  }
}
