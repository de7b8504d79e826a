import {
  constant,
  cosine,
  cosineRestarts,
  exponential,
  inverseSquareRoot,
  isAdaptive,
  linear,
  multiStep,
  noam,
  oneCycle,
  onPlateau,
  polynomial,
  type Schedule,
  stableDecay,
  stepDecay,
  withWarmup,
} from '@heddle/trainer'
import { setting } from '../golden-case.ts'
import type { Handler } from '../handler.ts'

/** Schedules by their names in the cases, such as `cosine_T30_min0.01`. */
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
  [
    // PyTorch counts one step more than is made.
    /^one_cycle_max[\d.]+_total(\d+)\b/,
    (rate, [total]) => oneCycle(rate, { steps: total! + 1 }),
  ],
  [/^polynomial_total(\d+)_power(\d+)$/, (rate, [steps, power]) => polynomial(rate, { steps: steps!, power: power! })],
  [
    /^cosine_restarts_T(\d+)_mult(\d+)$/,
    (rate, [period, growth]) => cosineRestarts(rate, { period: period!, growth: growth! }),
  ],
  [
    /^plateau_factor([\d.]+)_patience(\d+)$/,
    (rate, [factor, patience]) => onPlateau(rate, { factor: factor!, patience: patience! }),
  ],
  [
    /^hf_polynomial_warmup(\d+)_total(\d+)_end(1e-7)$/,
    (rate, [warmup, total, end]) => withWarmup(polynomial(rate, { steps: total! - warmup!, end: end! }), warmup!),
  ],
  [
    /^hf_inverse_sqrt_warmup(\d+)$/,
    (rate, [warmup]) => withWarmup(inverseSquareRoot(rate, { timescale: warmup! }), warmup!),
  ],
  [
    /^hf_cosine_hard_restarts_warmup(\d+)_total(\d+)_cycles(\d+)$/,
    (rate, [warmup, total, cycles]) =>
      withWarmup(cosineRestarts(rate, { period: (total! - warmup!) / cycles! }), warmup!),
  ],
  [
    /^hf_wsd_warmup(\d+)_stable(\d+)_decay(\d+)$/,
    (rate, [warmup, stable, decay]) =>
      withWarmup(stableDecay(rate, { steps: stable! + decay!, decay: decay! }), warmup!),
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

/** optim/schedules and optim/schedules_more: the learning rate at each step. */
export const schedulesHandler: Handler = {
  covers: (name) => /^optim\/schedules(_more)?$/.test(name),
  compare: async (golden) =>
    Object.entries(setting<Record<string, number[]>>(golden, 'lr_at_step')).map(([name, expected]) => {
      const schedule = readSchedule(name, setting<number>(golden, 'base_lr'))
      const actual = expected.map((_, step) => {
        const rate = schedule(step)
        if (isAdaptive(schedule)) schedule.observe(setting<number[]>(golden, 'plateau_metric')[step]!)
        return rate
      })
      return { name, kind: 'value', actual, expected }
    }),
}
