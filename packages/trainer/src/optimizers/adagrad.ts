import { parseConfig } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { optimizerPoint } from './optimizer.ts'
import { coupledDecay, type GroupOptions, groupConfig, type ParameterSource, pickGroups } from './parameter-groups.ts'
import { regularized, type Slot, SlotOptimizer, type Update } from './slot-optimizer.ts'

const settings = z.strictObject({
  initialAccumulator: z.number().min(0).default(0).describe('initial value of the sum of squared gradients'),
  learningRateDecay: z.number().min(0).default(0).describe('the rate is divided by 1 + this times the steps made'),
  epsilon: z.number().positive().default(1e-10).describe('added to the denominator'),
  ...coupledDecay,
})
export const adagradConfig = settings.extend(groupConfig)
export type AdagradOptions = z.input<typeof settings> & GroupOptions

/**
 * Adagrad: s = s + g²,  w = w - η·g / (√s + ε).
 *
 * Numbers as torch.optim.Adagrad.
 *
 * @see Duchi et al. 2011, "Adaptive subgradient methods for online learning and stochastic optimization"
 */
export class Adagrad extends SlotOptimizer {
  readonly #settings: z.output<typeof settings>

  constructor(source: ParameterSource, options: AdagradOptions = {}) {
    const { own, groups } = pickGroups(options)
    const parsed = parseConfig('Adagrad', settings, own)
    super('Adagrad', source, parsed.weightDecay, groups)
    this.#settings = parsed
  }

  get pyTorch(): string {
    const { learningRateDecay, epsilon, initialAccumulator } = this.#settings
    return `torch.optim.Adagrad(groups, lr_decay=${learningRateDecay}, eps=${epsilon}, initial_accumulator_value=${initialAccumulator})`
  }

  protected override slots(shape: readonly number[]): Record<string, Slot> {
    return { s: { shape, initial: this.#settings.initialAccumulator } }
  }

  protected override update(updates: readonly Update[], step: number, gradientScale: number): void {
    const { learningRateDecay, epsilon } = this.#settings
    for (const update of updates) {
      const { value, slots, learningRate } = update
      const s = slots['s']!
      const g = regularized(update, gradientScale)
      s.assign(tf.add(s, tf.square(g)))
      const rate = learningRate / (1 + (step - 1) * learningRateDecay)
      value.assign(tf.sub(value, tf.mul(tf.div(g, tf.add(tf.sqrt(s), epsilon)), rate)))
    }
  }
}

export const adagradOptimizer = optimizerPoint.of({
  name: 'adagrad',
  summary: 'gradients divided by the root of their sum of squares',
  config: adagradConfig,
  create: (config, { root }) => new Adagrad(root, config),
})
