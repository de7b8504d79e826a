import { engine, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, type WasmKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { sizeOf } from '../heap.ts'
import { checkRank, checkTensor } from './check.ts'

// B batch, T steps, N heads, K size of a head, R numbers of a head that are turned

type Name = 'x' | 'cos' | 'sin'

/**
 * 'HeddleRotary': turns the pairs (i, i + R/2) of every head by the angles of its step.
 *
 * Inputs x [B, T, N, K], cos and sin [T, R/2], R ≤ K; attribute direction, 1 or -1 to turn back. Output [B, T, N, K]. Cosines and
 * sines get no gradient.
 */
const rotary = defineKernel(
  'HeddleRotary',
  ({ inputs, attrs, heap }) => {
    const { x, cos, sin } = inputs as Record<Name, TensorInfo>
    checkRank('Rotary', 'x', x, 'B, T, N, K')
    checkRank('Rotary', 'cos', cos, 'T, R/2')
    const [B, T, N, K] = x.shape as [number, number, number, number]
    const half = cos.shape[1]!
    checkTensor('Rotary', 'cos', cos, [T, half])
    checkTensor('Rotary', 'sin', sin, [T, half])
    if (2 * half > K) throw new KernelError('shape', `Rotary: expected cos [T, at most ${K / 2}], got [${cos.shape}].`)
    const y = heap.makeOutput(x.shape)
    if (sizeOf(x.shape) > 0) {
      heap.exports.rotary({
        steps: B * T,
        time: T,
        heads: N,
        size: K,
        half,
        direction: attrs['direction'] as number,
        x: heap.addressOf(x),
        cos: heap.addressOf(cos),
        sin: heap.addressOf(sin),
        y: heap.addressOf(y),
      })
    }
    return [y]
  },
  {
    inputsToSave: ['cos', 'sin'],
    gradFunc: (dys, [cos, sin], attrs) => {
      const dy = (Array.isArray(dys) ? dys[0] : dys) as Tensor
      const back = { direction: -(attrs['direction'] as number) }
      return {
        x: () => (engine().runKernel('HeddleRotary', { x: dy, cos: cos!, sin: sin! }, back) as unknown as Tensor[])[0]!,
      }
    },
  },
)

export const rotaryKernels: readonly WasmKernel[] = [rotary]
