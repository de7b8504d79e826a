import { parseConfig } from '@heddle/core'
import * as z from 'zod'
import { type AdamSettings, adamExpression, adamSettings, adamSlots, adamUpdate } from './adam-update.ts'
import { optimizerPoint } from './optimizer.ts'
import { type GroupOptions, groupConfig, type ParameterSource, pickGroups } from './parameter-groups.ts'
import { type Slot, SlotOptimizer, type Update } from './slot-optimizer.ts'

const settings = z.strictObject({
  ...adamSettings,
  weightDecay: z
    .number()
    .min(0)
    .default(0.01)
    .describe('share of a weight that a step takes away, times the learning rate'),
})
export const adamWConfig = settings.extend(groupConfig)
export type AdamWOptions = z.input<typeof settings> & GroupOptions

/**
 * Adam with decoupled weight decay:
 * m = β₁·m + (1 - β₁)·g,  v = β₂·v + (1 - β₂)·g²,
 * w = (1 - η·λ)·w - η·m̂ / (√v̂ + ε)  with m̂ = m / (1 - β₁ᵗ), v̂ = v / (1 - β₂ᵗ).
 *
 * Numbers as torch.optim.AdamW, but biases and norm scales do not decay unless `decays` says so.
 *
 * @see Loshchilov & Hutter 2019, "Decoupled weight decay regularization"
 */
export class AdamW extends SlotOptimizer {
  readonly #settings: AdamSettings

  constructor(source: ParameterSource, options: AdamWOptions = {}) {
    const { own, groups } = pickGroups(options)
    const { weightDecay, ...rest } = parseConfig('AdamW', settings, own)
    super('AdamW', source, weightDecay, groups)
    this.#settings = rest
  }

  get pyTorch(): string {
    return adamExpression('AdamW', this.#settings)
  }

  protected override slots(shape: readonly number[]): Record<string, Slot> {
    return adamSlots(shape, this.#settings)
  }

  protected override update(updates: readonly Update[], step: number, gradientScale: number): void {
    adamUpdate(updates, step, gradientScale, this.#settings)
  }
}

export const adamWOptimizer = optimizerPoint.of({
  name: 'adamw',
  summary: 'Adam with decoupled weight decay',
  config: adamWConfig,
  create: (config, { root }) => new AdamW(root, config),
})
