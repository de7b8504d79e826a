import { engine, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, type WasmKernel } from '../define-kernel.ts'
import { Pointwise } from '../generated/exports.ts'
import { sizeOf } from '../heap.ts'
import { checkTensor } from './check.ts'

const functions = {
  HeddleGelu: Pointwise.GELU,
  HeddleGeluTanh: Pointwise.GELU_TANH,
  HeddleSilu: Pointwise.SILU,
  HeddleReluSquared: Pointwise.RELU_SQUARED,
} as const

/** 'HeddleGelu', 'HeddleGeluTanh', 'HeddleSilu', 'HeddleReluSquared': input x of any shape, output of the same shape; the gradient needs x alone. */
const forward = Object.entries(functions).map(([name, kind]) =>
  defineKernel(
    name,
    ({ inputs, heap }) => {
      const x = inputs['x']
      checkTensor(name, 'x', x, x?.shape ?? [])
      const y = heap.makeOutput(x.shape)
      heap.exports.pointwise({ kind, size: sizeOf(x.shape), x: heap.addressOf(x), out: heap.addressOf(y) })
      return [y]
    },
    {
      inputsToSave: ['x'],
      gradFunc: (dy, [x]) => ({
        x: () => engine().runKernel('HeddlePointwiseGradient', { x: x!, dy: dy as Tensor }, { kind }) as Tensor,
      }),
    },
  ),
)

const gradient = defineKernel('HeddlePointwiseGradient', ({ inputs, attrs, heap }) => {
  const { x, dy } = inputs as Record<'x' | 'dy', TensorInfo>
  const dx = heap.makeOutput(x.shape)
  heap.exports.pointwiseGradient({
    kind: attrs['kind'] as number,
    size: sizeOf(x.shape),
    x: heap.addressOf(x),
    out: heap.addressOf(dx),
    dy: heap.addressOf(dy),
  })
  return dx
})

export const pointwiseKernels: readonly WasmKernel[] = [...forward, gradient]
