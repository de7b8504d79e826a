import { HeddleError, type RandomStream, type Registry, suggest } from '@heddle/core'
import { Trainer } from '@heddle/trainer'
import type { StepwiseLearning } from './pipeline.ts'
import type { FitOptions, Task } from './task.ts'
import { buildOptimizer, buildSchedule } from './training-settings.ts'

/**
 * The trainer of a task whose model learns step by step.
 *
 * @param registry builds optimizer and schedule
 */
export function trainerFor<E>(
  task: Task<E>,
  learning: StepwiseLearning<E>,
  { registry, rng }: { readonly registry: Registry; readonly rng: RandomStream },
  train: readonly E[],
  { validation = [], steps, store, resume = false, events }: FitOptions<E>,
): Trainer<unknown, unknown> {
  const { model } = task
  const settings = { ...task.config.training, ...(steps !== undefined && { steps }) }
  const { clipNorm, evaluateEvery, checkpointEvery, patience } = settings
  const { monitor, mode } = monitorOf(task, learning, validation)
  const validate = learning.validate?.bind(learning)
  const validates = validation.length > 0
  return new Trainer<unknown, unknown>({
    model,
    objective: learning.objective,
    train: learning.trainingBatches(train, rng),
    ...(validates && { validation: () => learning.validationBatches(validation) }),
    ...(validates && validate !== undefined && { evaluate: () => validate(validation) }),
    optimizer: buildOptimizer(settings, model, registry),
    schedule: buildSchedule(settings, registry, mode),
    monitor,
    mode,
    steps: settings.steps,
    clipNorm,
    evaluateEvery,
    ...(checkpointEvery !== undefined && { checkpointEvery }),
    ...(patience !== undefined && { patience }),
    ...(store !== undefined && { store }),
    resume,
    ...(events !== undefined && { events }),
  })
}

/** The monitored metric; its own description says which way is better. */
function monitorOf<E>(
  task: Task<E>,
  learning: StepwiseLearning<E>,
  validation: readonly E[],
): { monitor: string; mode: 'min' | 'max' } {
  const metrics = learning.validationMetrics(validation)
  const { monitor = metrics[0]! } = task.config.training
  if (!metrics.includes(monitor)) {
    throw new HeddleError(
      'config',
      `${task.where}: expected training.monitor to be a metric that the validation examples have, got '${monitor}'. ${suggest(monitor, metrics)}`,
    )
  }
  const { better } = task.pipeline.metrics.find(({ name }) => name === monitor) ?? { better: 'lower' }
  return { monitor, mode: better === 'higher' ? 'max' : 'min' }
}
