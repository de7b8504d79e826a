import { HeddleError, parseConfig } from '@heddle/core'
import { fusedOp } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { ensureOwnMemory } from './adam-update.ts'
import { optimizerPoint } from './optimizer.ts'
import { coupledDecay, type GroupOptions, groupConfig, type ParameterSource, pickGroups } from './parameter-groups.ts'
import { regularized, type Slot, SlotOptimizer, type Update } from './slot-optimizer.ts'

const settings = z.strictObject({
  momentum: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('momentum: share of the last step that is added to the next one'),
  dampening: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('share of the gradient that is left out of the momentum, from the second step on'),
  nesterov: z.boolean().default(false).describe('Nesterov momentum: the gradient is taken ahead, along the momentum'),
  ...coupledDecay,
})
export const sgdConfig = settings.extend(groupConfig)
export type SGDOptions = z.input<typeof settings> & GroupOptions

/**
 * Stochastic gradient descent: u = μ·u + (1 - τ)·g,  w = w - η·u;  with Nesterov's momentum w = w - η·(g + μ·u).
 *
 * Numbers as torch.optim.SGD: the dampening τ does not apply to the first step, which has u = g.
 *
 * @see Sutskever et al. 2013, "On the importance of initialization and momentum in deep learning"
 */
export class SGD extends SlotOptimizer {
  readonly #momentum: number
  readonly #dampening: number
  readonly #nesterov: boolean

  constructor(source: ParameterSource, options: SGDOptions = {}) {
    const { own, groups } = pickGroups(options)
    const { momentum, dampening, nesterov, weightDecay } = parseConfig('SGD', settings, own)
    if (momentum === 0 ? nesterov || dampening > 0 : nesterov && dampening > 0) {
      throw new HeddleError(
        'config',
        `SGD: expected nesterov or dampening with a momentum above 0, and not both, got momentum ${momentum}, ` +
          `nesterov ${nesterov} and dampening ${dampening}. Set momentum, such as 0.9, or leave them out.`,
      )
    }
    super('SGD', source, weightDecay, groups)
    this.#momentum = momentum
    this.#dampening = dampening
    this.#nesterov = nesterov
  }

  get pyTorch(): string {
    const momentum = this.#momentum === 0 ? '' : `, momentum=${this.#momentum}`
    const dampening = this.#dampening === 0 ? '' : `, dampening=${this.#dampening}`
    return `torch.optim.SGD(groups${momentum}${dampening}${this.#nesterov ? ', nesterov=True' : ''})`
  }

  protected override slots(shape: readonly number[]): Record<string, Slot> {
    return this.#momentum === 0 ? {} : { u: { shape } }
  }

  protected override update(updates: readonly Update[], step: number, gradientScale: number): void {
    const settings = { momentum: this.#momentum, nesterov: this.#nesterov }
    // The first step is not dampened.
    const gradientShare = step === 1 ? 1 : 1 - this.#dampening
    if (gradientShare !== 1) {
      for (const update of updates) sgdReference(update, gradientScale, { ...settings, gradientShare })
      return
    }
    const values = updates.map(({ value }) => value)
    const velocities = updates.flatMap(({ slots }) => slots['u'] ?? [])
    // The kernel works in place.
    for (const variable of [...values, ...velocities]) ensureOwnMemory(variable)
    const gradients = updates.map(({ gradient }) => gradient)
    fusedOp(
      'HeddleSgd',
      [...values, ...gradients, ...velocities] as unknown as Record<string, tf.Tensor>,
      {
        ...settings,
        learningRates: updates.map(({ learningRate }) => learningRate),
        weightDecays: updates.map(({ weightDecay }) => weightDecay),
        gradientScale,
      },
      () => {
        for (const update of updates) sgdReference(update, gradientScale, { ...settings, gradientShare })
        return []
      },
    )
  }
}

export const sgdOptimizer = optimizerPoint.of({
  name: 'sgd',
  summary: 'stochastic gradient descent, with momentum',
  config: sgdConfig,
  create: (config, { root }) => new SGD(root, config),
})

function sgdReference(
  update: Update,
  gradientScale: number,
  { momentum, nesterov, gradientShare }: { momentum: number; nesterov: boolean; gradientShare: number },
): void {
  const { value, slots, learningRate } = update
  const g = regularized(update, gradientScale)
  let direction = g
  if (slots['u'] !== undefined) {
    slots['u'].assign(tf.add(tf.mul(slots['u'], momentum), gradientShare === 1 ? g : tf.mul(g, gradientShare)))
    direction = nesterov ? tf.add(g, tf.mul(slots['u'], momentum)) : slots['u']
  }
  value.assign(tf.sub(value, tf.mul(direction, learningRate)))
}
