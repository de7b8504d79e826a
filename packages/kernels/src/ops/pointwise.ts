import { engine, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, type WasmKernel } from '../define-kernel.ts'
import { sizeOf } from '../heap.ts'
import { checkTensor } from './check.ts'

// The numbers that assembly/pointwise.ts gives the functions.
const functions = { HeddleGelu: 0, HeddleGeluTanh: 1, HeddleSilu: 2 } as const

/** 'HeddleGelu', 'HeddleGeluTanh', 'HeddleSilu': input x of any shape, output of the same shape; the gradient needs x alone. */
const forward = Object.entries(functions).map(([name, kind]) =>
  defineKernel(
    name,
    ({ inputs, heap }) => {
      const x = inputs['x']
      checkTensor(name, 'x', x, x?.shape ?? [])
      const y = heap.makeOutput(x.shape)
      heap.exports.pointwise(heap.arguments([kind, sizeOf(x.shape), heap.addressOf(x), heap.addressOf(y)]))
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
  const addresses = [x, dx, dy].map((tensor) => heap.addressOf(tensor))
  heap.exports.pointwiseGradient(heap.arguments([attrs['kind'] as number, sizeOf(x.shape), ...addresses]))
  return dx
})

export const pointwiseKernels: readonly WasmKernel[] = [...forward, gradient]
