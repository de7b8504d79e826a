import { parseConfig } from '@heddle/core'
import { fusedOp } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { type AdamSettings, adamFields, adamSlots, adamUpdate, ensureOwnMemory } from './adam-update.ts'
import { newtonSchulz } from './newton-schulz.ts'
import { optimizerPoint } from './optimizer.ts'
import {
  type GroupedParameter,
  type GroupOptions,
  groupConfig,
  type ParameterSource,
  pickGroups,
} from './parameter-groups.ts'
import { type Slot, SlotOptimizer, scaled, type Update } from './slot-optimizer.ts'

// N matrices of one size, R rows, C columns

/**
 * The kernel 'HeddleMuon' suits matrices whose Gram matrix stays in a thread's cache; products of larger ones are better shared
 * among the threads.
 */
const LARGEST_SIDE = 256

const settings = z.strictObject({
  momentum: z.number().min(0).lt(1).default(0.95).describe('decay of the mean of gradients'),
  nesterov: z.boolean().default(true).describe('Nesterov momentum: the gradient is taken ahead, along the momentum'),
  newtonSchulzSteps: z.int().min(1).default(5).describe('iterations that make a step orthogonal'),
  stepSize: z
    .enum(['adamw', 'original'])
    .default('adamw')
    .describe(
      'adamw: steps as large as those of AdamW, for learning rates as for AdamW; original: as in the first publication',
    ),
  weightDecay: z
    .number()
    .min(0)
    .default(0.1)
    .describe('share of a weight that a step takes away, times the learning rate'),
  adamW: z
    .array(z.string())
    .default(['output', 'decoder.output'])
    .describe(
      'paths of modules whose matrices AdamW updates too, such as output layers; those that a model lacks do not matter',
    ),
  ...adamFields,
})
export const muonConfig = settings.extend(groupConfig)
export type MuonOptions = z.input<typeof settings> & GroupOptions

/**
 * Muon for matrices, AdamW for everything else:
 * m = μ·m + (1 - μ)·g,  u = orthogonal((1 - μ)·g + μ·m),  w = (1 - η·λ)·w - η·s·u.
 * `orthogonal` is {@link newtonSchulz}; s is 0.2·√max(R, C), with which steps are as large as AdamW's, or √max(1, R / C) with
 * `stepSize: 'original'`. Without `nesterov`, u = orthogonal(m).
 *
 * Tables of token vectors and positions, output layers, biases and the scales of norms are left to AdamW, whose settings are
 * `beta1`, `beta2` and `epsilon`.
 * Numbers of the matrices as torch.optim.Muon, which takes 'original' by default and iterates in bfloat16; here in float32.
 *
 * @see Jordan 2024, "Muon: an optimizer for hidden layers in neural networks"
 * @see Liu et al. 2025, "Muon is scalable for LLM training", for the size of steps
 */
export class Muon extends SlotOptimizer {
  readonly #settings: z.output<typeof settings>
  readonly #adam: AdamSettings
  readonly #apart: readonly string[]

  constructor(source: ParameterSource, options: MuonOptions = {}) {
    const { own, groups } = pickGroups(options)
    const parsed = parseConfig('Muon', settings, own)
    super('Muon', source, parsed.weightDecay, groups)
    const { beta1, beta2, epsilon } = parsed
    this.#settings = parsed
    this.#adam = { beta1, beta2, epsilon, amsgrad: false }
    this.#apart = parsed.adamW
  }

  protected override slots(shape: readonly number[], { path, parameter }: GroupedParameter): Record<string, Slot> {
    const isApart = parameter.table || this.#apart.some((module) => path.startsWith(`${module}.`))
    return shape.length === 2 && !isApart ? { momentum: { shape } } : adamSlots(shape, this.#adam)
  }

  protected override update(updates: readonly Update[], step: number, gradientScale: number): void {
    const others = updates.filter(({ slots }) => slots['momentum'] === undefined)
    if (others.length > 0) adamUpdate(others, step, gradientScale, this.#adam)
    const matrices = updates.filter(({ slots }) => slots['momentum'] !== undefined)
    const [small, large] = [true, false].map((isSmall) =>
      matrices.filter(({ value }) => this.#isForKernel(value.shape) === isSmall),
    ) as [Update[], Update[]]
    if (small.length > 0) this.#updateSmall(small, gradientScale)
    this.#updateLarge(large, gradientScale)
  }

  #isForKernel(shape: readonly number[]): boolean {
    return this.#settings.nesterov && Math.min(...shape) <= LARGEST_SIDE
  }

  /** Each matrix on one thread, in place. */
  #updateSmall(updates: readonly Update[], gradientScale: number): void {
    const { momentum, newtonSchulzSteps } = this.#settings
    const values = updates.map(({ value }) => value)
    const means = updates.map(({ slots }) => slots['momentum']!)
    for (const variable of [...values, ...means]) ensureOwnMemory(variable)
    fusedOp(
      'HeddleMuon',
      [...values, ...updates.map(({ gradient }) => gradient), ...means] as unknown as Record<string, tf.Tensor>,
      {
        momentum,
        newtonSchulzSteps,
        gradientScale,
        rates: updates.map(({ value, learningRate }) => learningRate * this.#stepSize(value.shape)),
        decays: updates.map(({ learningRate, weightDecay }) => 1 - learningRate * weightDecay),
      },
      () => {
        this.#updateLarge(updates, gradientScale)
        return []
      },
    )
  }

  #updateLarge(updates: readonly Update[], gradientScale: number): void {
    for (const alike of bySize(updates)) tf.tidy(() => this.#updateAlike(alike, gradientScale))
  }

  #stepSize([R = 1, C = 1]: readonly number[]): number {
    return this.#settings.stepSize === 'adamw' ? 0.2 * Math.sqrt(Math.max(R, C)) : Math.sqrt(Math.max(1, R / C))
  }

  /** Matrices of one size in one go. */
  #updateAlike(updates: readonly Update[], gradientScale: number): void {
    const { momentum, nesterov, newtonSchulzSteps } = this.#settings
    const gradients = scaled(tf.stack(updates.map(({ gradient }) => gradient)), gradientScale * (1 - momentum)) // [N, R, C]
    const before = tf.stack(updates.map(({ slots }) => slots['momentum']!)) // [N, R, C]
    const after = tf.add(tf.mul(before, momentum), gradients)
    const ahead = (nesterov ? tf.add(tf.mul(after, momentum), gradients) : after) as tf.Tensor3D
    const size = this.#stepSize(updates[0]!.value.shape)
    const directions = tf.unstack(newtonSchulz(ahead, newtonSchulzSteps)) // N × [R, C]
    for (const [i, means] of tf.unstack(after).entries()) {
      const { value, slots, learningRate, weightDecay } = updates[i]!
      slots['momentum']!.assign(means)
      const decayed = weightDecay === 0 ? value : tf.mul(value, 1 - learningRate * weightDecay)
      value.assign(tf.sub(decayed, tf.mul(directions[i]!, learningRate * size)))
    }
  }
}

function bySize(updates: readonly Update[]): Iterable<Update[]> {
  const groups = new Map<string, Update[]>()
  for (const update of updates) {
    const size = update.value.shape.join()
    groups.set(size, [...(groups.get(size) ?? []), update])
  }
  return groups.values()
}

export const muonOptimizer = optimizerPoint.of({
  name: 'muon',
  summary: 'orthogonal steps for matrices, AdamW for everything else',
  config: muonConfig,
  create: (config, { root }) => new Muon(root, config),
})
