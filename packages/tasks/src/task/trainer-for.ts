import { HeddleError, type RandomStream, type Registry, suggest } from '@heddle/core'
import { batchSizeAt, type EndlessBatches, GrowingBatches } from '@heddle/data'
import { type BatchSource, Trainer, type WeightAveraging } from '@heddle/trainer'
import type { FitOptions } from './fit-options.ts'
import type { Abortable, StepwiseLearning } from './pipeline.ts'
import type { Task } from './task.ts'
import { withExhibits } from './task-recorder.ts'
import { buildOptimizer, buildSchedule, type TrainingSettings } from './training-settings.ts'

/**
 * The trainer of a task whose model learns step by step.
 *
 * @param registry builds optimizer and schedule
 */
export async function trainerFor<E>(
  task: Task<E>,
  learning: StepwiseLearning<E>,
  { registry, rng }: { readonly registry: Registry; readonly rng: RandomStream },
  train: readonly E[],
  { validation = [], steps, store, resume = false, events, recorders = [], signal }: FitOptions<E>,
): Promise<Trainer<unknown, unknown>> {
  const { model } = task
  const settings = { ...task.config.training, ...(steps !== undefined && { steps }) }
  const { clipNorm, clipValue, accumulate, averaging, nonFinite } = settings
  const { evaluateEvery, checkpointEvery, patience, minChange, keepBest } = settings
  const { monitor, mode } = monitorOf(task, learning, validation)
  const validate = learning.validate?.bind(learning)
  const validates = validation.length > 0
  return new Trainer<unknown, unknown>({
    model,
    objective: learning.objective,
    train: await trainingBatches(learning, train, rng, settings, { signal }),
    ...(validates && { validation: (signal) => learning.validationBatches(validation, { signal }) }),
    ...(validates && validate !== undefined && { evaluate: (signal) => validate(validation, signal) }),
    optimizer: buildOptimizer(settings, model, registry),
    schedule: buildSchedule(settings, registry, mode),
    monitor,
    mode,
    steps: settings.steps,
    accumulate,
    nonFinite,
    ...(clipNorm !== null && { clipNorm }),
    ...(clipValue !== undefined && { clipValue }),
    ...(averaging !== undefined && { weightAveraging: averagingOf(averaging, settings.steps) }),
    evaluateEvery,
    minChange,
    keepBest,
    ...(checkpointEvery !== undefined && { checkpointEvery }),
    ...(patience !== undefined && { patience }),
    ...(store !== undefined && { store, logHistograms: true }),
    recorders: withExhibits(recorders, task, validation),
    resume,
    ...(events !== undefined && { events }),
  })
}

/** The batches of a run, which grow where the settings say so. */
async function trainingBatches<E>(
  learning: StepwiseLearning<E>,
  train: readonly E[],
  rng: RandomStream,
  { batchRamp, batchSize, steps, accumulate }: TrainingSettings,
  options: Abortable,
): Promise<BatchSource<unknown>> {
  const batches = await learning.trainingBatches(train, rng, options)
  if (batchRamp === undefined || learning.growsBatches === true) return batches
  const sizeAt = (batch: number) => batchSizeAt(batchSize, batchRamp, Math.floor(batch / accumulate), steps)
  return new GrowingBatches(batches as EndlessBatches<unknown>, sizeAt)
}

/** A start below 1 is a share of the steps. */
const averagingOf = (averaging: NonNullable<TrainingSettings['averaging']>, steps: number): WeightAveraging =>
  averaging.type === 'swa' && averaging.start < 1
    ? { ...averaging, start: Math.floor(averaging.start * steps) }
    : averaging

/** The monitored metric; its own description says which way is better. */
export function monitorOf<E>(
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
