import type { TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { checkTensor } from './check.ts'
import { makeTensorTable, takeOwnMemory } from './tensor-table.ts'

interface Attributes {
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  readonly learningRates: readonly number[]
  readonly weightDecays: readonly number[]
  /** 1 for the first step. */
  readonly step: number
  readonly gradientScale: number
}

/**
 * 'HeddleAdamW': one step of Adam with decoupled weight decay, for many parameters at once and in place.
 *
 * Inputs: all parameters, then all gradients, all first moments, all second moments. Nothing comes out: parameters and moments
 * are overwritten, and so must share their memory with no other tensor.
 *
 * @see Loshchilov & Hutter 2019, "Decoupled weight decay regularization"
 */
export const adamW = defineKernel('HeddleAdamW', ({ inputs, attrs, heap }) => {
  const tensors = Object.values(inputs) as TensorInfo[]
  const { beta1, beta2, epsilon, learningRates, weightDecays, step, gradientScale } = attrs as unknown as Attributes
  const count = learningRates.length
  if (tensors.length !== 4 * count || weightDecays.length !== count || !(step >= 1)) {
    throw new KernelError(
      'usage',
      `AdamW: expected ${4 * count} tensors and ${count} weight decays for ${count} learning rates at a step from 1 on, ` +
        `got ${tensors.length} and ${weightDecays.length} at step ${step}.`,
    )
  }
  const entries = learningRates.map((rate, i) => {
    const [value, gradient, m, v] = [0, 1, 2, 3].map((group) => tensors[group * count + i]!) as [
      ...[TensorInfo, TensorInfo, TensorInfo, TensorInfo],
    ]
    checkTensor('AdamW', `gradient ${i}`, gradient, value.shape)
    for (const changed of [value, m, v]) {
      checkTensor('AdamW', `parameter and moments ${i}`, changed, value.shape)
      takeOwnMemory('AdamW', `parameter and moments ${i}`, heap, changed)
    }
    return { value, gradient, m, v, rate: rate / (1 - beta1 ** step), decay: 1 - rate * weightDecays[i]! }
  })
  const table = makeTensorTable(heap, entries)
  const correction = 1 / Math.sqrt(1 - beta2 ** step)
  heap.exports.adamWStep({ ...table.head, beta1, beta2, epsilon, correction, scale: gradientScale })
  heap.dispose(table.memory)
  return []
})
