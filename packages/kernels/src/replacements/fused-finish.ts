import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { KernelCall } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { Activation } from '../generated/exports.ts'
import { sizeOf } from '../heap.ts'
import { foldedActivations } from './matmul.ts'

/** The part of a fused kernel that its product does in the last pass, and the part that runs as kernels behind it. */
export interface FusedFinish {
  /** [N], if it can be folded in. */
  readonly bias?: TensorInfo
  /** A number of `foldedActivations`. */
  readonly activation: number
  readonly leakyReluAlpha: number
  /** Runs the rest as kernels of their own; takes `out` over. */
  rest(out: TensorInfo): TensorInfo
}

/**
 * Reads bias and activation of a fused kernel: a bias of one number for each of the `columns` of the result and the common
 * activations are folded in; the others run as kernels behind.
 *
 * @throws HeddleError `usage` for an activation that nobody knows
 */
export function fusedFinish(where: string, { inputs, attrs, heap, run }: KernelCall, columns: number): FusedFinish {
  const { activation, leakyreluAlpha = 0.2 } = attrs as { activation?: string; leakyreluAlpha?: number }
  const { bias, preluActivationWeights } = inputs as Record<'bias' | 'preluActivationWeights', TensorInfo | undefined>
  const name = activation ?? 'linear'
  const folded = foldedActivations[name]
  if (folded === undefined && (name !== 'prelu' || preluActivationWeights === undefined)) {
    throw new KernelError(
      'usage',
      `${where}: expected activation ${Object.keys(foldedActivations).join(', ')} or prelu with its weights, got ${name}. Apply it as an operation of its own.`,
    )
  }
  const early = bias == null || (sizeOf(bias.shape) === columns && (bias.shape.at(-1) ?? 1) === columns)
  const behind: Readonly<Record<string, readonly [kernel: string, attrs?: Record<string, number>]>> = {
    relu: ['Relu'],
    relu6: ['Relu6'],
    elu: ['Elu'],
    sigmoid: ['Sigmoid'],
    leakyrelu: ['LeakyRelu', { alpha: leakyreluAlpha }],
  }
  return {
    ...(bias != null && early ? { bias } : {}),
    activation: early && folded !== undefined ? folded : Activation.LINEAR,
    leakyReluAlpha: leakyreluAlpha,
    rest(product) {
      let out = product
      const then = (kernelName: string, more: Record<string, TensorInfo>, input: string, extra = {}) => {
        const next = run(kernelName, { [input]: out, ...more }, extra)
        heap.dispose(out)
        out = next
      }
      if (!early) then('Add', { b: bias! }, 'a')
      if (name === 'prelu') then('Prelu', { alpha: preluActivationWeights! }, 'x')
      else if (!early && behind[name] !== undefined) then(behind[name][0], {}, 'x', behind[name][1])
      return out
    },
  }
}
