import { parseConfig } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { optimizerPoint } from './optimizer.ts'
import { coupledDecay, type GroupOptions, groupConfig, type ParameterSource, pickGroups } from './parameter-groups.ts'
import { regularized, type Slot, SlotOptimizer, type Update } from './slot-optimizer.ts'

const settings = z.strictObject({
  decay: z.number().min(0).lt(1).default(0.9).describe('decay of the means of squared gradients and steps'),
  epsilon: z.number().positive().default(1e-6).describe('added under the square roots'),
  ...coupledDecay,
})
export const adadeltaConfig = settings.extend(groupConfig)
export type AdadeltaOptions = z.input<typeof settings> & GroupOptions

/**
 * Adadelta: v = ρ·v + (1 - ρ)·g²,  Δ = √(d + ε) / √(v + ε) · g,  d = ρ·d + (1 - ρ)·Δ²,  w = w - η·Δ; usually with η = 1.
 *
 * Numbers as torch.optim.Adadelta.
 *
 * @see Zeiler 2012, "ADADELTA: an adaptive learning rate method"
 */
export class Adadelta extends SlotOptimizer {
  readonly #settings: z.output<typeof settings>

  constructor(source: ParameterSource, options: AdadeltaOptions = {}) {
    const { own, groups } = pickGroups(options)
    const parsed = parseConfig('Adadelta', settings, own)
    super('Adadelta', source, parsed.weightDecay, groups)
    this.#settings = parsed
  }

  get pyTorch(): string {
    const { decay, epsilon } = this.#settings
    return `torch.optim.Adadelta(groups, rho=${decay}, eps=${epsilon})`
  }

  protected override slots(shape: readonly number[]): Record<string, Slot> {
    return { v: { shape }, d: { shape } }
  }

  protected override update(updates: readonly Update[], _step: number, gradientScale: number): void {
    const { decay, epsilon } = this.#settings
    for (const update of updates) {
      const { value, slots, learningRate } = update
      const v = slots['v']!
      const d = slots['d']!
      const g = regularized(update, gradientScale)
      v.assign(tf.add(tf.mul(v, decay), tf.mul(tf.square(g), 1 - decay)))
      const delta = tf.mul(tf.div(tf.sqrt(tf.add(d, epsilon)), tf.sqrt(tf.add(v, epsilon))), g)
      d.assign(tf.add(tf.mul(d, decay), tf.mul(tf.square(delta), 1 - decay)))
      value.assign(tf.sub(value, tf.mul(delta, learningRate)))
    }
  }
}

export const adadeltaOptimizer = optimizerPoint.of({
  name: 'adadelta',
  summary: 'steps of the size of earlier steps',
  config: adadeltaConfig,
  create: (config, { root }) => new Adadelta(root, config),
})
