import type { TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { checkTensor } from './check.ts'
import { makeTensorTable, takeOwnMemory } from './tensor-table.ts'

interface Attributes {
  readonly momentum: number
  readonly nesterov: boolean
  readonly learningRates: readonly number[]
  readonly weightDecays: readonly number[]
  readonly gradientScale: number
}

/**
 * 'HeddleSgd': one step of stochastic gradient descent, for many parameters at once and in place, as torch.optim.SGD does it
 * without dampening.
 *
 * Inputs: all parameters, then all gradients, then, if `momentum` is above 0, all velocities. Nothing comes out: parameters and
 * velocities are overwritten, and so must share their memory with no other tensor.
 *
 * @see Sutskever et al. 2013, "On the importance of initialization and momentum in deep learning"
 */
export const sgd = defineKernel('HeddleSgd', ({ inputs, attrs, heap }) => {
  const tensors = Object.values(inputs) as TensorInfo[]
  const { momentum, nesterov, learningRates, weightDecays, gradientScale } = attrs as unknown as Attributes
  const count = learningRates.length
  const groups = momentum > 0 ? 3 : 2
  if (tensors.length !== groups * count || weightDecays.length !== count) {
    throw new KernelError(
      'usage',
      `SGD: expected ${groups * count} tensors and ${count} weight decays for ${count} learning rates and momentum ${momentum}, ` +
        `got ${tensors.length} and ${weightDecays.length}.`,
    )
  }
  const entries = learningRates.map((rate, i) => {
    const [value, gradient, m] = [0, 1, 2].map((group) => tensors[group * count + i]) as [
      ...[TensorInfo, TensorInfo, TensorInfo | undefined],
    ]
    checkTensor('SGD', `gradient ${i}`, gradient, value.shape)
    for (const changed of m === undefined ? [value] : [value, m]) {
      checkTensor('SGD', `parameter and velocity ${i}`, changed, value.shape)
      takeOwnMemory('SGD', `parameter and velocity ${i}`, heap, changed)
    }
    return { value, gradient, ...(m && { m }), rate, decay: weightDecays[i]! }
  })
  const table = makeTensorTable(heap, entries)
  heap.exports.sgdStep({ ...table.head, momentum, scale: gradientScale, nesterov: Number(nesterov) })
  heap.dispose(table.memory)
  return []
})
