import type { PartSpec, Plugin } from '@heddle/core'
import { z } from 'zod'
import { Adadelta, adadeltaConfig } from './optimizers/adadelta.ts'
import { Adafactor, adafactorConfig } from './optimizers/adafactor.ts'
import { Adagrad, adagradConfig } from './optimizers/adagrad.ts'
import { Adam, adamConfig } from './optimizers/adam.ts'
import { AdamW, adamWConfig } from './optimizers/adamw.ts'
import { optimizerPoint } from './optimizers/optimizer.ts'
import type { GroupOptions, ParameterGroup } from './optimizers/parameter-groups.ts'
import { RMSProp, rmsPropConfig } from './optimizers/rmsprop.ts'
import { SGD, sgdConfig } from './optimizers/sgd.ts'
import { onPlateau } from './schedules/on-plateau.ts'
import { schedulePoint } from './schedules/schedule.ts'
import * as schedules from './schedules/schedules.ts'

const learningRate = z.number().min(0).describe('the first, or highest, learning rate')
const steps = z
  .int()
  .min(1)
  .optional()
  .describe('steps from the first rate to the last (default: to the end of the run)')
const gamma = z.number().positive().describe('what the rate is multiplied by')
const minimum = z.number().min(0).default(0).describe('the lowest rate')
const spec = z.looseObject({ type: z.string() })

/** The optimizers and schedules of this package as a plugin. */
export const trainerPlugin: Plugin = {
  name: '@heddle/trainer',
  contributes: [
    optimizerPoint.of({
      name: 'sgd',
      summary: 'stochastic gradient descent, with momentum',
      config: sgdConfig,
      create: (config, { root }) => new SGD(root, withoutAbsent(config)),
    }),
    optimizerPoint.of({
      name: 'adam',
      summary: 'steps relative to the running size of gradients',
      config: adamConfig,
      create: (config, { root }) => new Adam(root, withoutAbsent(config)),
    }),
    optimizerPoint.of({
      name: 'adamw',
      summary: 'Adam with decoupled weight decay',
      config: adamWConfig,
      create: (config, { root }) => new AdamW(root, withoutAbsent(config)),
    }),
    optimizerPoint.of({
      name: 'rmsprop',
      summary: 'gradients divided by their running root mean square',
      config: rmsPropConfig,
      create: (config, { root }) => new RMSProp(root, withoutAbsent(config)),
    }),
    optimizerPoint.of({
      name: 'adagrad',
      summary: 'gradients divided by the root of their sum of squares',
      config: adagradConfig,
      create: (config, { root }) => new Adagrad(root, withoutAbsent(config)),
    }),
    optimizerPoint.of({
      name: 'adadelta',
      summary: 'steps of the size of earlier steps',
      config: adadeltaConfig,
      create: (config, { root }) => new Adadelta(root, withoutAbsent(config)),
    }),
    optimizerPoint.of({
      name: 'adafactor',
      summary: 'Adam with little memory and steps relative to the weights',
      config: adafactorConfig,
      create: (config, { root }) => new Adafactor(root, withoutAbsent(config)),
    }),
    schedulePoint.of({
      name: 'constant',
      summary: 'the same rate at every step',
      config: z.strictObject({ learningRate }),
      create: (config) => schedules.constant(config.learningRate),
    }),
    schedulePoint.of({
      name: 'step-decay',
      summary: 'multiplied every so many steps',
      config: z.strictObject({
        learningRate,
        every: z.int().min(1).describe('steps between changes'),
        gamma: gamma.default(0.1),
      }),
      create: ({ learningRate, ...options }) => schedules.stepDecay(learningRate, options),
    }),
    schedulePoint.of({
      name: 'multi-step',
      summary: 'multiplied at given steps',
      config: z.strictObject({
        learningRate,
        milestones: z.array(z.int().min(0)).describe('steps at which the rate changes'),
        gamma: gamma.default(0.1),
      }),
      create: ({ learningRate, ...options }) => schedules.multiStep(learningRate, options),
    }),
    schedulePoint.of({
      name: 'exponential',
      summary: 'multiplied at every step',
      config: z.strictObject({ learningRate, gamma }),
      create: ({ learningRate, ...options }) => schedules.exponential(learningRate, options),
    }),
    schedulePoint.of({
      name: 'cosine',
      summary: 'half a cosine down',
      config: z.strictObject({ learningRate, steps, minimum }),
      create: (config, { steps }) => schedules.cosine(config.learningRate, { ...config, steps: config.steps ?? steps }),
    }),
    schedulePoint.of({
      name: 'cosine-restarts',
      summary: 'cosines that start again',
      config: z.strictObject({
        learningRate,
        period: z.int().min(1).describe('steps of the first cosine'),
        growth: z.number().min(1).default(1).describe('how much longer each next one is'),
        minimum,
      }),
      create: ({ learningRate, ...options }) => schedules.cosineRestarts(learningRate, options),
    }),
    schedulePoint.of({
      name: 'linear',
      summary: 'a straight line down',
      config: z.strictObject({ learningRate, steps, end: z.number().min(0).default(0).describe('the last rate') }),
      create: (config, { steps }) => schedules.linear(config.learningRate, { ...config, steps: config.steps ?? steps }),
    }),
    schedulePoint.of({
      name: 'inverse-square-root',
      summary: 'divided by the root of the step',
      config: z.strictObject({
        learningRate,
        timescale: z.int().min(1).describe('the rate falls with 1 / √(1 + step / timescale)'),
      }),
      create: ({ learningRate, ...options }) => schedules.inverseSquareRoot(learningRate, options),
    }),
    schedulePoint.of({
      name: 'noam',
      summary: 'warm-up, then divided by the root of the step (the Transformer’s)',
      config: z.strictObject({
        modelSize: z.int().min(1).describe('features of the model'),
        warmup: z.int().min(1).describe('steps of warm-up'),
        factor: z.number().positive().default(1).describe('multiplies every rate'),
      }),
      create: (config) => schedules.noam(config),
    }),
    schedulePoint.of({
      name: 'one-cycle',
      summary: 'up and down once',
      config: z.strictObject({
        learningRate,
        steps,
        rise: z.number().positive().lt(1).default(0.3).describe('share of the steps on the way up'),
        startFactor: z.number().min(1).default(25).describe('the first rate is the highest divided by this'),
        endFactor: z.number().min(1).default(1e4).describe('the last rate is the first divided by this'),
      }),
      create: (config, { steps }) =>
        schedules.oneCycle(config.learningRate, { ...config, steps: config.steps ?? steps }),
    }),
    schedulePoint.of({
      name: 'on-plateau',
      summary: 'multiplied when the validation metric stops improving',
      config: z.strictObject({
        learningRate,
        factor: z.number().positive().lt(1).default(0.1).describe('what the rate is multiplied by'),
        patience: z.int().min(0).default(10).describe('validations without improvement'),
        mode: z.enum(['min', 'max']).default('min').describe('whether less or more of the metric is better'),
        threshold: z.number().min(0).default(1e-4).describe('the relative change that counts'),
        cooldown: z.int().min(0).default(0).describe('validations after a change that do not count'),
        minimum,
      }),
      create: ({ learningRate, ...options }) => onPlateau(learningRate, options),
    }),
    schedulePoint.of({
      name: 'warmup',
      summary: 'a linear warm-up before any schedule',
      config: z.strictObject({
        steps: z.int().min(0).describe('steps of the warm-up'),
        schedule: spec.describe('the schedule that follows, { type, … }'),
      }),
      create: ({ steps: warmup, schedule }, { steps, registry }) => {
        const rest = Math.max(1, steps - warmup)
        const inner = registry.create(schedulePoint, schedule as PartSpec, { steps: rest, registry })
        return schedules.withWarmup(inner, warmup)
      },
    }),
  ],
}

/** zod's optional fields may be present as undefined; options of classes may not. */
function withoutAbsent<T extends { groups: object[]; decays: 'matrices' | 'all' }>(
  config: T,
): Omit<T, 'groups' | 'decays'> & GroupOptions {
  const groups = config.groups.map(
    (group) =>
      Object.fromEntries(Object.entries(group).filter(([, value]) => value !== undefined)) as unknown as ParameterGroup,
  )
  return { ...config, groups }
}
