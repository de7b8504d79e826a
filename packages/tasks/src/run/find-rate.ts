import { HeddleError, RandomStream } from '@heddle/core'
import { type RateRange, type RateRangeOptions, rateRange } from '@heddle/trainer'
import { buildOptimizer } from '../task/training-settings.ts'
import { type PreparedRun, type PrepareOptions, prepareNew } from './prepare-run.ts'

export interface FindRateOptions extends PrepareOptions {
  readonly range?: RateRangeOptions
  onPrepared?(prepared: PreparedRun): void
}

/**
 * Learning-rate range test of a recipe with its settings, on a model that is thrown away.
 *
 * @throws HeddleError `usage` for a model that counts
 */
export async function findRate({ range, signal, onPrepared, ...prepare }: FindRateOptions): Promise<RateRange> {
  const prepared = await prepareNew({ ...prepare, ...(signal && { signal }) })
  const { task, dataset, seed } = prepared
  try {
    onPrepared?.(prepared)
    const { learning } = task.pipeline
    if (!('objective' in learning)) {
      throw new HeddleError(
        'usage',
        `lr-find: expected a model that learns step by step, got '${task.modelSpec.type}', which counts. Choose another model.`,
      )
    }
    const { clipNorm, clipValue, accumulate } = task.config.training
    const options = {
      model: task.model,
      objective: learning.objective,
      train: await learning.trainingBatches(dataset.train, new RandomStream(seed), { signal }),
      optimizer: buildOptimizer(task.config.training, task.model, prepare.registry),
      accumulate,
      ...(clipNorm !== null && { clipNorm }),
      ...(clipValue !== undefined && { clipValue }),
    }
    return await rateRange(options, range, signal)
  } finally {
    task.dispose()
  }
}
