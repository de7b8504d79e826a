import { HeddleError } from '@heddle/core'
import type { Abortable } from '../task/pipeline.ts'
import type { Settings } from '../task/settings.ts'
import type { Task } from '../task/task.ts'
import type { Dataset } from './dataset.ts'

/** Steps before the timed ones: memory is taken, and engines compile. */
const WARM_UP = 3
/** Timed steps of the first try, which doubles until it takes long enough to be trusted. */
const FIRST_TRY = 12
const MOST_STEPS = 10_000_000
/** Share of the time that the measurement may take, and its longest time in milliseconds. */
const SHARE = 0.03
const LONGEST = 15_000

/**
 * The number of steps that fit into a time: the first steps and a validation are timed with a task of its own, whose weights are
 * thrown away, so that the run that follows is the one of its settings.
 *
 * @param milliseconds the time for all steps and validations of the run
 * @param given the settings that the user chose
 * @param trial the task to time, with the settings of the run; it is disposed
 */
export async function budgetSteps(
  milliseconds: number,
  given: Settings,
  trial: Task,
  dataset: Dataset<unknown>,
  { signal }: Abortable = {},
): Promise<number> {
  if ((given['training'] as Settings | undefined)?.['steps'] !== undefined) {
    throw new HeddleError(
      'usage',
      'budget: expected either a budget or training.steps, got both. Leave one of them out.',
    )
  }
  const { evaluateEvery, steps } = trial.config.training
  const ramp = rampOf(trial.config.training)
  const limit = Math.min(LONGEST, milliseconds * SHARE)
  try {
    let step = 0
    let validation = 0
    for (let count = FIRST_TRY; ; count *= 2) {
      const times: number[] = []
      let last = 0
      await trial.fit(dataset.train, {
        validation: dataset.validation,
        steps: WARM_UP + count,
        ...(signal && { signal }),
        events: {
          onStep: () => times.push((last = performance.now())),
          onValidation: () => (validation = performance.now() - last),
        },
      })
      signal?.throwIfAborted()
      if (times.length === 0) {
        throw new HeddleError(
          'usage',
          `budget: expected a model that learns step by step, got '${trial.modelSpec.type}', which counts. Leave the budget out.`,
        )
      }
      const timed = times.slice(WARM_UP - 1)
      step = (timed.at(-1)! - timed[0]!) / (timed.length - 1)
      if (timed.at(-1)! - times[0]! > limit / 2 || count * 2 > steps) break
    }
    // The last step is validated whatever its number.
    const fitting = Math.floor((milliseconds - validation) / (step * ramp + validation / evaluateEvery))
    if (fitting < 1) {
      throw new HeddleError(
        'usage',
        `budget: expected time for a step and a validation, ${Math.ceil(step + validation)} ms here, got ${milliseconds} ms. Give more time, or lower training.batchSize.`,
      )
    }
    return Math.min(MOST_STEPS, fitting)
  } finally {
    trial.dispose()
  }
}

/** The average batch of a run as a share of the one that is timed at its start. */
function rampOf(training: object): number {
  const { batchRamp, batchSize } = training as { batchRamp?: { from: number; share: number }; batchSize: number }
  if (batchRamp === undefined) return 1
  const average = batchSize - (batchRamp.share / 2) * (batchSize - batchRamp.from)
  return average / batchRamp.from
}
