import {
  constant,
  cosine,
  cosineRestarts,
  exponential,
  linear,
  multiStep,
  noam,
  type Schedule,
  stepDecay,
  withWarmup,
} from '@heddle/trainer'
import { setting } from '../golden-case.ts'
import type { Handler } from '../handler.ts'

/** What a schedule's name in the case says, such as `cosine_T30_min0.01`. */
const readers: readonly [RegExp, (rate: number, numbers: readonly number[]) => Schedule][] = [
  [/^constant$/, (rate) => constant(rate)],
  [/^step_every([\d.]+)_gamma([\d.]+)$/, (rate, [every, gamma]) => stepDecay(rate, { every: every!, gamma: gamma! })],
  [
    /^multistep_(\d+)_(\d+)_gamma([\d.]+)$/,
    (rate, [first, second, gamma]) => multiStep(rate, { milestones: [first!, second!], gamma: gamma! }),
  ],
  [/^exponential_([\d.]+)$/, (rate, [gamma]) => exponential(rate, { gamma: gamma! })],
  [/^cosine_T(\d+)$/, (rate, [steps]) => cosine(rate, { steps: steps! })],
  [/^cosine_T(\d+)_min([\d.]+)$/, (rate, [steps, minimum]) => cosine(rate, { steps: steps!, minimum: minimum! })],
  [/^cosine_restarts_T(\d+)$/, (rate, [period]) => cosineRestarts(rate, { period: period! })],
  [
    /^hf_linear_warmup(\d+)_total(\d+)$/,
    (rate, [warmup, total]) => withWarmup(linear(rate, { steps: total! - warmup! }), warmup!),
  ],
  [
    /^hf_cosine_warmup(\d+)_total(\d+)$/,
    (rate, [warmup, total]) => withWarmup(cosine(rate, { steps: total! - warmup! }), warmup!),
  ],
  [/^noam_d(\d+)_warmup(\d+)\b/, (_, [modelSize, warmup]) => noam({ modelSize: modelSize!, warmup: warmup! })],
]

function readSchedule(name: string, rate: number): Schedule {
  for (const [pattern, make] of readers) {
    const match = pattern.exec(name)
    if (match !== null) return make(rate, match.slice(1).map(Number))
  }
  throw new Error(`optim/schedules: no schedule of ours is meant for '${name}'.`)
}

/** optim/schedules: the learning rate at each step. */
export const schedulesHandler: Handler = {
  covers: (name) => name === 'optim/schedules',
  compare: async (golden) =>
    Object.entries(setting<Record<string, number[]>>(golden, 'lr_at_step')).map(([name, expected]) => {
      const schedule = readSchedule(name, setting<number>(golden, 'base_lr'))
      return { name, kind: 'value', actual: expected.map((_, step) => schedule(step)), expected }
    }),
}
