import { parseConfig } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { optimizerPoint } from './optimizer.ts'
import { coupledDecay, type GroupOptions, groupConfig, type ParameterSource, pickGroups } from './parameter-groups.ts'
import { regularized, type Slot, SlotOptimizer, type Update } from './slot-optimizer.ts'

const settings = z.strictObject({
  decay: z.number().min(0).lt(1).default(0.99).describe('decay of the mean of squared gradients'),
  epsilon: z.number().positive().default(1e-8).describe('added to the denominator'),
  momentum: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('momentum: share of the last step that is added to the next one'),
  centered: z.boolean().default(false).describe('divide by the standard deviation, not the root mean square'),
  ...coupledDecay,
})
export const rmsPropConfig = settings.extend(groupConfig)
export type RMSPropOptions = z.input<typeof settings> & GroupOptions

/**
 * RMSprop: v = α·v + (1 - α)·g²,  w = w - η·g / (√v + ε);  centered, the square of the mean gradient is subtracted from v.
 *
 * Numbers as torch.optim.RMSprop; a centered variance that rounding makes negative counts as 0.
 *
 * @see Tieleman & Hinton 2012, "Lecture 6.5: RMSprop"
 */
export class RMSProp extends SlotOptimizer {
  readonly #settings: z.output<typeof settings>

  constructor(source: ParameterSource, options: RMSPropOptions = {}) {
    const { own, groups } = pickGroups(options)
    const parsed = parseConfig('RMSProp', settings, own)
    super('RMSProp', source, parsed.weightDecay, groups)
    this.#settings = parsed
  }

  get pyTorch(): string {
    const { decay, epsilon, momentum, centered } = this.#settings
    return `torch.optim.RMSprop(groups, alpha=${decay}, eps=${epsilon}, momentum=${momentum}${centered ? ', centered=True' : ''})`
  }

  protected override slots(shape: readonly number[]): Record<string, Slot> {
    const { momentum, centered } = this.#settings
    return { v: { shape }, ...(centered && { mean: { shape } }), ...(momentum > 0 && { u: { shape } }) }
  }

  protected override update(updates: readonly Update[], _step: number, gradientScale: number): void {
    const { decay, epsilon, momentum } = this.#settings
    for (const update of updates) {
      const { value, slots, learningRate } = update
      const { v, mean, u } = slots
      const g = regularized(update, gradientScale)
      v!.assign(tf.add(tf.mul(v!, decay), tf.mul(tf.square(g), 1 - decay)))
      mean?.assign(tf.add(tf.mul(mean, decay), tf.mul(g, 1 - decay)))
      // Of gradients that stay the same, rounding can make it negative.
      const variance = mean === undefined ? v! : tf.relu(tf.sub(v!, tf.square(mean)))
      const step = tf.div(g, tf.add(tf.sqrt(variance), epsilon))
      u?.assign(tf.add(tf.mul(u, momentum), step))
      value.assign(tf.sub(value, tf.mul(u ?? step, learningRate)))
    }
  }
}

export const rmsPropOptimizer = optimizerPoint.of({
  name: 'rmsprop',
  summary: 'gradients divided by their running root mean square',
  config: rmsPropConfig,
  create: (config, { root }) => new RMSProp(root, config),
})
