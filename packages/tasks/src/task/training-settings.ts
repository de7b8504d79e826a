import type { PartSpec, Registry } from '@heddle/core'
import { type Module, modelPoint } from '@heddle/layers'
import { metricPoint } from '@heddle/metrics'
import { cosine, type Optimizer, optimizerPoint, type Schedule, schedulePoint, withWarmup } from '@heddle/trainer'
import * as z from 'zod'
import type { TaskConfig } from './define-task.ts'
import { part } from './settings.ts'

/** The settings under `training` that every task has; a task adds its own to them. */
export const trainingFields = {
  steps: z.int().min(1).default(1000).describe('number of weight updates'),
  batchSize: z.int().min(1).default(32).describe('examples in a batch'),
  learningRate: z.number().positive().default(3e-3).describe('highest learning rate'),
  warmupSteps: z.int().min(0).default(50).describe('steps in which the learning rate rises to its highest value'),
  optimizer: part.prefault({ type: 'adamw', weightDecay: 0.01 }).describe('optimizer by name, or { type, … }'),
  schedule: part
    .optional()
    .describe('learning-rate schedule by name, or { type, … } (default: warm-up, then half a cosine down to zero)'),
  clipNorm: z.number().positive().default(1).describe('largest norm of the whole gradient'),
  evaluateEvery: z.int().min(1).default(200).describe('steps between validations'),
  checkpointEvery: z.int().min(1).optional().describe('steps between checkpoints (default: at each validation)'),
  patience: z
    .int()
    .min(1)
    .optional()
    .describe('validations without improvement after which training stops (default: never)'),
  monitor: z.string().default('loss').describe('validation metric by which the best weights and patience are judged'),
}

const training = z.strictObject(trainingFields)
export type TrainingSettings = z.output<typeof training>

/**
 * Checks the parts that a task's settings name, long before they are built.
 *
 * @throws HeddleError `config` or `unknown-name`
 */
export function checkParts({ metrics, training }: TaskConfig, model: PartSpec, registry: Registry): void {
  const { optimizer, schedule } = training
  registry.checkGiven(modelPoint, model)
  for (const metric of metrics) registry.configOf(metricPoint, metric)
  registry.configOf(optimizerPoint, optimizer)
  if (schedule !== undefined) registry.configOf(schedulePoint, schedule)
}

export function buildOptimizer({ optimizer }: TrainingSettings, model: Module, registry: Registry): Optimizer {
  return registry.create(optimizerPoint, optimizer, { root: model })
}

/** @param mode whether less or more of the monitored metric is better, for schedules that follow it */
export function buildSchedule(settings: TrainingSettings, registry: Registry, mode: 'min' | 'max'): Schedule {
  const { schedule, steps, learningRate, warmupSteps } = settings
  if (schedule !== undefined) {
    return registry.create(schedulePoint, schedule as PartSpec, { steps, learningRate, mode, registry })
  }
  const warmup = Math.min(warmupSteps, steps - 1)
  const decay = cosine(learningRate, { steps: Math.max(1, steps - warmup) })
  return warmup > 0 ? withWarmup(decay, warmup) : decay
}
