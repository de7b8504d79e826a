import { fusedOp } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import type { Slot, Update } from './slot-optimizer.ts'
import { scaled } from './slot-optimizer.ts'

/** Config fields of Adam's moments. */
export const adamFields = {
  beta1: z.number().min(0).lt(1).default(0.9).describe('decay of the mean of gradients'),
  beta2: z.number().min(0).lt(1).default(0.999).describe('decay of the mean of squared gradients'),
  epsilon: z.number().positive().default(1e-8).describe('added to the denominator'),
}

/** Config fields that Adam and AdamW share. */
export const adamSettings = {
  ...adamFields,
  amsgrad: z.boolean().default(false).describe('divide by the largest mean of squared gradients so far (AMSGrad)'),
}

export interface AdamSettings {
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  readonly amsgrad: boolean
}

/** The same optimizer of torch.optim, as an expression of parameter groups. */
export const adamExpression = (name: string, { beta1, beta2, epsilon, amsgrad }: AdamSettings): string =>
  `torch.optim.${name}(groups, betas=(${beta1}, ${beta2}), eps=${epsilon}${amsgrad ? ', amsgrad=True' : ''})`

export const adamSlots = (shape: readonly number[], { amsgrad }: AdamSettings): Record<string, Slot> => ({
  m: { shape },
  v: { shape },
  ...(amsgrad && { largest: { shape } }),
})

/**
 * Makes one step of Adam with decoupled weight decay for many parameters at once. The kernel 'HeddleAdamW' changes values and
 * moments in place, so none may share its memory.
 */
export function adamUpdate(
  updates: readonly Update[],
  step: number,
  gradientScale: number,
  { amsgrad, ...settings }: AdamSettings,
): void {
  if (amsgrad) {
    for (const update of updates) adamReference(update, step, gradientScale, settings)
    return
  }
  const m = updates.map(({ slots }) => slots['m']!)
  const v = updates.map(({ slots }) => slots['v']!)
  const values = updates.map(({ value }) => value)
  for (const variable of [...values, ...m, ...v]) ensureOwnMemory(variable)
  const gradients = updates.map(({ gradient }) => gradient)
  fusedOp(
    'HeddleAdamW',
    [...values, ...gradients, ...m, ...v] as unknown as Record<string, tf.Tensor>,
    {
      ...settings,
      learningRates: updates.map(({ learningRate }) => learningRate),
      weightDecays: updates.map(({ weightDecay }) => weightDecay),
      step,
      gradientScale,
    },
    () => {
      for (const update of updates) adamReference(update, step, gradientScale, settings)
      return []
    },
  )
}

function adamReference(
  { value, gradient, slots, learningRate, weightDecay }: Update,
  step: number,
  gradientScale: number,
  { beta1, beta2, epsilon }: Omit<AdamSettings, 'amsgrad'>,
): void {
  const [m, v, largest] = [slots['m']!, slots['v']!, slots['largest']]
  const g = scaled(gradient, gradientScale)
  m.assign(tf.add(tf.mul(m, beta1), tf.mul(g, 1 - beta1)))
  v.assign(tf.add(tf.mul(v, beta2), tf.mul(tf.square(g), 1 - beta2)))
  largest?.assign(tf.maximum(largest, v))
  const denominator = tf.add(tf.div(tf.sqrt(largest ?? v), Math.sqrt(1 - beta2 ** step)), epsilon)
  const decayed = weightDecay === 0 ? value : tf.mul(value, 1 - learningRate * weightDecay)
  value.assign(tf.sub(decayed, tf.mul(tf.div(m, denominator), learningRate / (1 - beta1 ** step))))
}

/** Copies the values of a variable whose memory another tensor shares, so that a kernel may write into it. */
export function ensureOwnMemory(variable: tf.Variable): void {
  if (tf.backend().refCount(variable.dataId) <= 1) return
  const copy = tf.mul(variable, 1)
  variable.assign(copy)
  copy.dispose()
}
