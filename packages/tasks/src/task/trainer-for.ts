import { HeddleError, type RandomStream, suggest } from '@heddle/core'
import { Trainer } from '@heddle/trainer'
import type { StepwiseLearning } from './pipeline.ts'
import type { FitOptions, Task } from './task.ts'
import { buildOptimizer, buildSchedule } from './training-settings.ts'

/** The trainer of a task whose model learns step by step. */
export function trainerFor<E>(
  task: Task<E>,
  learning: StepwiseLearning<E>,
  rng: RandomStream,
  train: readonly E[],
  { validation = [], steps, store, resume = false, events }: FitOptions<E>,
): Trainer<unknown, unknown> {
  const { model, registry } = task
  const settings = { ...task.config.training, ...(steps !== undefined && { steps }) }
  const { clipNorm, evaluateEvery, checkpointEvery, patience } = settings
  const { monitor, mode } = monitorOf(task, learning)
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
function monitorOf(task: Task, learning: StepwiseLearning<unknown>): { monitor: string; mode: 'min' | 'max' } {
  const { monitor } = task.config.training
  const { validationMetrics } = learning
  if (!validationMetrics.includes(monitor)) {
    throw new HeddleError(
      'config',
      `${task.where}: expected training.monitor to be a metric of its validation, got '${monitor}'. ${suggest(monitor, validationMetrics)}`,
    )
  }
  const { better } = task.pipeline.metrics.find(({ name }) => name === monitor) ?? { better: 'lower' }
  return { monitor, mode: better === 'higher' ? 'max' : 'min' }
}
