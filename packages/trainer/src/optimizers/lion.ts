import { parseConfig } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { optimizerPoint } from './optimizer.ts'
import { type GroupOptions, groupConfig, type ParameterSource, pickGroups } from './parameter-groups.ts'
import { type Slot, SlotOptimizer, scaled, type Update } from './slot-optimizer.ts'

const settings = z.strictObject({
  beta1: z.number().min(0).lt(1).default(0.9).describe('weight of the momentum in the direction of a step'),
  beta2: z.number().min(0).lt(1).default(0.99).describe('decay of the momentum'),
  weightDecay: z
    .number()
    .min(0)
    .default(0)
    .describe('share of a weight that a step takes away, times the learning rate'),
})
export const lionConfig = settings.extend(groupConfig)
export type LionOptions = z.input<typeof settings> & GroupOptions

/**
 * Lion: w = (1 - η·λ)·w - η·sign(β₁·m + (1 - β₁)·g),  then m = β₂·m + (1 - β₂)·g.
 *
 * Every number moves by the learning rate, so it takes a rate three to ten times smaller than AdamW's, and a weight decay as much
 * larger. Defaults of the paper; half of Adam's memory.
 *
 * @see Chen et al. 2023, "Symbolic discovery of optimization algorithms"
 */
export class Lion extends SlotOptimizer {
  readonly #settings: z.output<typeof settings>

  constructor(source: ParameterSource, options: LionOptions = {}) {
    const { own, groups } = pickGroups(options)
    const parsed = parseConfig('Lion', settings, own)
    super('Lion', source, parsed.weightDecay, groups)
    this.#settings = parsed
  }

  protected override slots(shape: readonly number[]): Record<string, Slot> {
    return { m: { shape } }
  }

  protected override update(updates: readonly Update[], _step: number, gradientScale: number): void {
    const { beta1, beta2 } = this.#settings
    for (const { value, gradient, slots, learningRate, weightDecay } of updates) {
      const m = slots['m']!
      const g = scaled(gradient, gradientScale)
      const direction = tf.sign(tf.add(tf.mul(m, beta1), tf.mul(g, 1 - beta1)))
      m.assign(tf.add(tf.mul(m, beta2), tf.mul(g, 1 - beta2)))
      const decayed = weightDecay === 0 ? value : tf.mul(value, 1 - learningRate * weightDecay)
      value.assign(tf.sub(decayed, tf.mul(direction, learningRate)))
    }
  }
}

export const lionOptimizer = optimizerPoint.of({
  name: 'lion',
  summary: 'steps of equal size in every number, in the direction of the momentum',
  config: lionConfig,
  create: (config, { root }) => new Lion(root, config),
})
