import { HeddleError, type PartSpec, type Registry, suggest } from '@heddle/core'
import {
  adapterPoint,
  addAdapters,
  type BuildContext,
  type Module,
  modelPoint,
  namedParameters,
  pathMatcher,
  setTrainable,
} from '@heddle/layers'
import { metricPoint } from '@heddle/metrics'
import { cosine, type Optimizer, optimizerPoint, type Schedule, schedulePoint, withWarmup } from '@heddle/trainer'
import * as z from 'zod'
import type { TaskConfig } from './define-task.ts'
import { part } from './settings.ts'

const paths = z.array(z.string())
type AdapterSettings = {
  [key: string]: unknown
  type: string
  targets?: string[] | undefined
  alsoTrain?: string[] | undefined
  shared?: string[] | undefined
}
const adapterSettings = z
  .union([
    z.string(),
    z.looseObject({
      type: z.string().default('lora').describe('kind of adapter'),
      targets: paths.optional().describe('ends of the paths of adapted layers (default: query and value)'),
      alsoTrain: paths.optional().describe('paths of weights that are trained beside them, such as a new head'),
      shared: paths
        .optional()
        .describe('names of layers of one module whose adapters share their first map, such as query, key and value'),
    }),
  ])
  .transform((spec): AdapterSettings => (typeof spec === 'string' ? { type: spec } : spec))

const standardOptimizer = { type: 'adamw', weightDecay: 0.01 }
const optimizerSettings = z
  .union([z.string(), z.looseObject({ type: z.string().optional() })])
  .transform((spec): PartSpec => {
    if (typeof spec === 'string') return { type: spec }
    return spec.type === undefined
      ? { ...standardOptimizer, ...spec, type: standardOptimizer.type }
      : (spec as PartSpec)
  })
  .prefault(standardOptimizer)

const ema = z.strictObject({
  type: z.literal('ema').describe('exponential average of the weights of all steps'),
  decay: z.number().min(0).lt(1).default(0.999).describe('share of the average that a step keeps'),
})
const swa = z.strictObject({
  type: z.literal('swa').describe('plain mean of the weights of some steps'),
  start: z.number().min(0).default(0.75).describe('first step whose weights count, or below 1 its share of all steps'),
  every: z.int().min(1).default(10).describe('steps from one that counts to the next'),
})
const averaging = z
  .union([z.enum(['ema', 'swa']), ema, swa])
  .transform((spec) => (spec === 'ema' ? ema.parse({ type: spec }) : spec === 'swa' ? swa.parse({ type: spec }) : spec))

const batchRamp = z.strictObject({
  from: z.int().min(1).describe('size of the first batch'),
  share: z.number().gt(0).max(1).default(0.6).describe('share of the steps after which batches are full'),
})

/**
 * The setting `training.labelSmoothing` of tasks whose loss is a cross-entropy.
 *
 * @param choices things that the model chooses between, for the description
 */
export const labelSmoothing = (choices: 'labels' | 'tokens') =>
  z.number().min(0).max(1).default(0).describe(`share of the probability that the loss spreads over all ${choices}`)

/** The settings under `training` that every task has; a task adds its own to them. */
export const trainingFields = {
  steps: z.int().min(1).default(1000).describe('number of weight updates'),
  batchSize: z.int().min(1).default(32).describe('examples in a batch'),
  learningRate: z.number().positive().default(3e-3).describe('highest learning rate'),
  warmupSteps: z.int().min(0).default(50).describe('steps in which the learning rate rises to its highest value'),
  optimizer: optimizerSettings.describe('optimizer by name, or { type, … }; settings without a type are of AdamW'),
  schedule: part
    .optional()
    .describe('learning-rate schedule by name, or { type, … } (default: warm-up, then half a cosine down to zero)'),
  clipNorm: z
    .number()
    .positive()
    .nullable()
    .default(1)
    .describe('largest norm of the whole gradient; null does not clip'),
  clipValue: z.number().positive().optional().describe('largest value of each number of the gradient (default: any)'),
  accumulate: z.int().min(1).default(1).describe('batches whose gradients are averaged for one update'),
  batchRamp: batchRamp
    .optional()
    .describe('lets the batch grow in a straight line (default: batches are full from the first step)'),
  averaging: averaging
    .optional()
    .describe("average of the weights that is validated and kept: 'ema', 'swa', or { type, … } (default: none)"),
  nonFinite: z
    .enum(['stop', 'skip'])
    .default('stop')
    .describe('a step whose loss or gradient is not finite: stop with an error, or skip its update'),
  evaluateEvery: z.int().min(1).default(200).describe('steps between validations'),
  checkpointEvery: z.int().min(1).optional().describe('steps between checkpoints (default: at each validation)'),
  patience: z
    .int()
    .min(1)
    .optional()
    .describe('validations without improvement after which training stops (default: never)'),
  minChange: z
    .number()
    .min(0)
    .default(0)
    .describe('change of the monitored metric that counts as an improvement for the patience'),
  keepBest: z.int().min(1).default(1).describe('validations whose weights are kept, the best ones'),
  freeze: z
    .array(z.string())
    .optional()
    .describe('paths of weights that are not trained, such as encoder or layers.*.attention (default: none)'),
  adapters: adapterSettings
    .optional()
    .describe("small modules that are trained in place of the weights: 'lora', or { type, rank, targets, … }"),
  monitor: z.string().default('loss').describe('validation metric by which the best weights and patience are judged'),
}

const training = z.strictObject(trainingFields)
export interface TrainingSettings extends Omit<z.output<typeof training>, 'monitor'> {
  /** Undefined for the first that the task names. */
  readonly monitor?: string | undefined
}

/**
 * Checks the parts that a task's settings name, long before they are built.
 *
 * @throws HeddleError `config` or `unknown-name`
 */
export function checkParts({ metrics, training }: TaskConfig, model: PartSpec, registry: Registry): void {
  const { optimizer, schedule, adapters } = training
  registry.checkGiven(modelPoint, model)
  for (const metric of metrics) registry.configOf(metricPoint, metric)
  registry.configOf(optimizerPoint, optimizer)
  if (schedule !== undefined) registry.configOf(schedulePoint, schedule)
  if (adapters !== undefined) registry.configOf(adapterPoint, adapterSpec(adapters))
}

const adapterSpec = ({ targets: _, alsoTrain: __, shared: ___, ...spec }: AdapterSettings): PartSpec => spec as PartSpec

/**
 * Freezes weights and adds adapters, as the settings say.
 *
 * @throws HeddleError `config` when a path matches nothing
 */
export function prepareParameters(
  { freeze = [], adapters }: TrainingSettings,
  model: Module,
  context: BuildContext,
  where: string,
): void {
  for (const pattern of freeze) {
    if (setTrainable(model, pathMatcher(pattern, 'start'), false).length > 0) continue
    const names = [...new Set(namedParameters(model).map(([path]) => path.split('.')[0]!))]
    throw new HeddleError(
      'config',
      `${where}: expected training.freeze to match weights, got '${pattern}', which matches none. ${suggest(pattern, names)}`,
    )
  }
  if (adapters !== undefined) addAdapters(model, adapterSpec(adapters), adapters, context)
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
