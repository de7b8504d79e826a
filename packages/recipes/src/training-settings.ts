import type { PartSpec, Registry } from '@heddle/core'
import type { Module } from '@heddle/layers'
import { type Optimizer, optimizerPoint, type Schedule, schedulePoint } from '@heddle/trainer'
import * as z from 'zod'

const part = z.union([z.string(), z.looseObject({ type: z.string() })])

/** How a recipe trains; every recipe's config has these fields, with defaults of its own. */
export interface TrainingSettings {
  readonly steps: number
  readonly learningRate: number
  readonly warmupSteps: number
  readonly optimizer: string | PartSpec
  readonly schedule?: string | PartSpec | undefined
  readonly clipNorm: number
  readonly evaluateEvery: number
  readonly checkpointEvery?: number | undefined
  readonly patience?: number | undefined
  /** The validation metric that decides which weights are kept, and when training ends early; the loss when left out. */
  readonly monitor?: string | undefined
}

export interface TrainingDefaults {
  readonly steps: number
  readonly learningRate: number
  readonly warmupSteps: number
  readonly evaluateEvery: number
  readonly weightDecay?: number
  readonly clipNorm?: number
  /** The validation metrics that may be monitored, the default first; the loss alone when left out. */
  readonly monitors?: readonly [string, ...string[]]
}

/** The config fields of {@link TrainingSettings}, to be spread into a recipe's schema. */
export function trainingFields(defaults: TrainingDefaults) {
  const { monitors = ['loss'] } = defaults
  const optimizer: z.infer<typeof part> = { type: 'adamw', weightDecay: defaults.weightDecay ?? 0.01 }
  return {
    steps: z.int().min(1).default(defaults.steps).describe('updates of the weights'),
    learningRate: z.number().positive().default(defaults.learningRate).describe('highest learning rate'),
    warmupSteps: z
      .int()
      .min(0)
      .default(defaults.warmupSteps)
      .describe('steps in which the learning rate rises to its highest'),
    optimizer: part.default(optimizer).describe('an optimizer by name, or { type, … }'),
    schedule: part
      .optional()
      .describe('a learning-rate schedule { type, … } instead of warm-up and half a cosine down to zero'),
    clipNorm: z
      .number()
      .positive()
      .default(defaults.clipNorm ?? 1)
      .describe('largest norm of the whole gradient'),
    evaluateEvery: z.int().min(1).default(defaults.evaluateEvery).describe('steps between validations'),
    checkpointEvery: z.int().min(1).optional().describe('steps between checkpoints; by default at each validation'),
    patience: z
      .int()
      .min(1)
      .optional()
      .describe('validations without improvement after which training ends; by default never'),
    monitor: z
      .enum(monitors)
      .default(monitors[0])
      .describe(`what decides which weights are kept, and about patience: ${monitors.join(', ')}`),
  }
}

const asPart = (spec: string | PartSpec): PartSpec => (typeof spec === 'string' ? { type: spec } : spec)

export function buildOptimizer({ optimizer }: TrainingSettings, model: Module, registry: Registry): Optimizer {
  return registry.create(optimizerPoint, asPart(optimizer), { root: model })
}

/**
 * The schedule of the settings; without one, a linear warm-up and half a cosine down to zero.
 *
 * @param mode whether less or more of the monitored metric is better
 */
export function buildSchedule(settings: TrainingSettings, registry: Registry, mode: 'min' | 'max'): Schedule {
  const { steps, learningRate, warmupSteps } = settings
  const { schedule = { type: 'warmup', steps: Math.min(warmupSteps, steps - 1), schedule: { type: 'cosine' } } } =
    settings
  return registry.create(schedulePoint, asPart(schedule), { steps, learningRate, mode, registry })
}
