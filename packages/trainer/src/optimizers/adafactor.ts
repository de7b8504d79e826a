import { parseConfig } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { optimizerPoint } from './optimizer.ts'
import { type GroupOptions, groupConfig, type ParameterSource, pickGroups } from './parameter-groups.ts'
import { type Slot, SlotOptimizer, scaled, type Update } from './slot-optimizer.ts'

// N any leading axes, R rows, C columns

const settings = z.strictObject({
  decayExponent: z.number().max(0).default(-0.8).describe('the mean of squared gradients decays with 1 - step^this'),
  epsilon: z
    .number()
    .positive()
    .default(2 ** -23)
    .describe('floor of the root of the second moment'),
  minimumScale: z.number().min(0).default(1e-3).describe('floor of the weights’ root mean square'),
  clipThreshold: z.number().min(1).default(1).describe('largest root mean square of an update'),
  weightDecay: z
    .number()
    .min(0)
    .default(0)
    .describe('share of a weight that a step takes away, times the learning rate'),
})
export const adafactorConfig = settings.extend(groupConfig)
export type AdafactorOptions = z.input<typeof settings> & GroupOptions

/**
 * Adafactor: the second moment of a matrix is kept as its row and column means, v̂ = r·c / mean(r), and the step is relative to
 * the size of the weights: w = w - max(ε₂, RMS(w))·min(η, 1/√t)·u / max(1, RMS(u)/d)  with u = g / √v̂.
 *
 * Numbers as torch.optim.Adafactor. Matrices need R + C numbers of memory instead of Adam's 2·R·C.
 *
 * @see Shazeer & Stern 2018, "Adafactor: adaptive learning rates with sublinear memory cost"
 */
export class Adafactor extends SlotOptimizer {
  readonly #settings: z.output<typeof settings>

  constructor(source: ParameterSource, options: AdafactorOptions = {}) {
    const { own, groups } = pickGroups(options)
    const parsed = parseConfig('Adafactor', settings, own)
    super('Adafactor', source, parsed.weightDecay, groups)
    this.#settings = parsed
  }

  protected override slots(shape: readonly number[]): Record<string, Slot> {
    if (shape.length < 2) return { v: { shape } }
    const outer = shape.slice(0, -2)
    return { row: { shape: [...outer, shape.at(-2)!, 1] }, column: { shape: [...outer, 1, shape.at(-1)!] } }
  }

  protected override update(updates: readonly Update[], step: number, gradientScale: number): void {
    const { decayExponent, epsilon, minimumScale, clipThreshold } = this.#settings
    const share = step ** decayExponent
    for (const { value, gradient, slots, learningRate, weightDecay } of updates) {
      const squared = tf.square(scaled(gradient, gradientScale)) // [N…, R, C]
      const secondMoment = tf.maximum(estimate(slots, squared, share, epsilon), epsilon * epsilon) // [N…, R, C]
      const update = tf.mul(tf.rsqrt(secondMoment), scaled(gradient, gradientScale))
      const size = tf.mul(tf.maximum(rootMeanSquare(value), minimumScale), Math.min(learningRate, 1 / Math.sqrt(step)))
      const clip = tf.maximum(tf.div(rootMeanSquare(update), clipThreshold), 1)
      const decayed = weightDecay === 0 ? value : tf.mul(value, 1 - learningRate * weightDecay)
      value.assign(tf.sub(decayed, tf.mul(update, tf.div(size, clip))))
    }
  }
}

export const adafactorOptimizer = optimizerPoint.of({
  name: 'adafactor',
  summary: 'Adam with little memory and steps relative to the weights',
  config: adafactorConfig,
  create: (config, { root }) => new Adafactor(root, config),
})

/** Updates the slots with the squared gradient and returns the second moment that they represent, [N…, R, C]. */
function estimate(
  { v, row, column }: Readonly<Record<string, tf.Variable>>,
  squared: tf.Tensor,
  share: number,
  epsilon: number,
): tf.Tensor {
  const moveTo = (slot: tf.Variable, target: tf.Tensor) =>
    slot.assign(tf.add(slot, tf.mul(tf.sub(target, slot), share)))
  if (v !== undefined) {
    moveTo(v, squared)
    return v
  }
  moveTo(row!, tf.mean(squared, -1, true)) // [N…, R, 1]
  moveTo(column!, tf.mean(squared, -2, true)) // [N…, 1, C]
  return tf.div(tf.mul(row!, column!), tf.maximum(tf.mean(row!, -2, true), epsilon))
}

const rootMeanSquare = (x: tf.Tensor) => tf.sqrt(tf.mean(tf.square(x)))
