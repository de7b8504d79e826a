import { parseConfig } from '@heddle/core'
import * as z from 'zod'
import { type AdamSettings, adamExpression, adamSettings, adamSlots, adamUpdate } from './adam-update.ts'
import { optimizerPoint } from './optimizer.ts'
import { coupledDecay, type GroupOptions, groupConfig, type ParameterSource, pickGroups } from './parameter-groups.ts'
import { regularized, type Slot, SlotOptimizer, type Update } from './slot-optimizer.ts'

const settings = z.strictObject({ ...adamSettings, ...coupledDecay })
export const adamConfig = settings.extend(groupConfig)
export type AdamOptions = z.input<typeof settings> & GroupOptions

/**
 * Adam: m = β₁·m + (1 - β₁)·g,  v = β₂·v + (1 - β₂)·g²,  w = w - η·m̂ / (√v̂ + ε)  with m̂ = m / (1 - β₁ᵗ), v̂ = v / (1 - β₂ᵗ).
 *
 * Numbers as torch.optim.Adam. Weight decay is a part of the gradient; {@link AdamW} keeps it apart.
 *
 * @see Kingma & Ba 2015, "Adam: a method for stochastic optimization"
 */
export class Adam extends SlotOptimizer {
  readonly #settings: AdamSettings

  constructor(source: ParameterSource, options: AdamOptions = {}) {
    const { own, groups } = pickGroups(options)
    const { weightDecay, ...rest } = parseConfig('Adam', settings, own)
    super('Adam', source, weightDecay, groups)
    this.#settings = rest
  }

  get pyTorch(): string {
    return adamExpression('Adam', this.#settings)
  }

  protected override slots(shape: readonly number[]): Record<string, Slot> {
    return adamSlots(shape, this.#settings)
  }

  protected override update(updates: readonly Update[], step: number, gradientScale: number): void {
    if (updates.every(({ weightDecay }) => weightDecay === 0)) {
      adamUpdate(updates, step, gradientScale, this.#settings)
      return
    }
    const decayed = updates.map((update) => ({
      ...update,
      gradient: regularized(update, gradientScale),
      weightDecay: 0,
    }))
    adamUpdate(decayed, step, 1, this.#settings)
  }
}

export const adamOptimizer = optimizerPoint.of({
  name: 'adam',
  summary: 'steps relative to the running size of the gradients',
  config: adamConfig,
  create: (config, { root }) => new Adam(root, config),
})
