import { engine, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, type WasmKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { matMul } from '../replacements/matmul.ts'
import { checkRank, checkTensor } from './check.ts'
import { withRows } from './workspace.ts'

// N any leading axes, I input size, O output size

/**
 * 'HeddleLinear': y = x·weight + bias, with the gradients in as few calls.
 *
 * Inputs x [N…, I], weight [I, O], bias [O] or none. Output [N…, O].
 */
const linear = defineKernel(
  'HeddleLinear',
  ({ inputs, heap }) => {
    const { x, weight, bias } = inputs as Record<'x' | 'weight' | 'bias', TensorInfo>
    checkRank('Linear', 'weight', weight, 'I, O')
    const [I, O] = weight.shape as [number, number]
    if (x.dtype !== 'float32' || x.shape.at(-1) !== I) {
      throw new KernelError('shape', `Linear: expected x float32 [..., ${I}], got ${x.dtype} [${x.shape}].`)
    }
    if (bias != null) checkTensor('Linear', 'bias', bias, [O])
    return [
      withRows(heap, [x], ([rows]) => {
        const y = matMul('Linear', heap, rows!, weight, {
          ...{ transposeA: false, transposeB: false },
          ...(bias != null && { bias }),
        })
        return { ...y, shape: [...x.shape.slice(0, -1), O] }
      }),
    ]
  },
  {
    inputsToSave: ['x', 'weight'],
    gradFunc: (dys, [x, weight]) => {
      const dy = (Array.isArray(dys) ? dys[0] : dys) as Tensor
      const run = (name: string, inputs: Record<string, Tensor>) => engine().runKernel(name, inputs) as Tensor
      return {
        x: () => run('HeddleLinearInputGradient', { dy, weight: weight! }),
        weight: () => run('HeddleLinearWeightGradient', { x: x!, dy }),
        bias: () => run('HeddleLinearBiasGradient', { dy }),
      }
    },
  },
)

/** dy·weightᵀ */
const inputGradient = defineKernel('HeddleLinearInputGradient', ({ inputs, heap }) => {
  const { dy, weight } = inputs as Record<'dy' | 'weight', TensorInfo>
  return withRows(heap, [dy], ([rows]) => {
    const dx = matMul('Linear', heap, rows!, weight, { transposeA: false, transposeB: true })
    return { ...dx, shape: [...dy.shape.slice(0, -1), weight.shape[0]!] }
  })
})

/** xᵀ·dy */
const weightGradient = defineKernel('HeddleLinearWeightGradient', ({ inputs, heap }) => {
  const { x, dy } = inputs as Record<'x' | 'dy', TensorInfo>
  return withRows(heap, [x, dy], ([rows, dRows]) =>
    matMul('Linear', heap, rows!, dRows!, { transposeA: true, transposeB: false }),
  )
})

/** The sum of dy's rows. */
const biasGradient = defineKernel('HeddleLinearBiasGradient', ({ inputs, heap, run }) => {
  const { dy } = inputs as Record<'dy', TensorInfo>
  return withRows(heap, [dy], ([rows]) => run('Sum', { x: rows! }, { axis: [0], keepDims: false }))
})

export const linearKernels: readonly WasmKernel[] = [linear, inputGradient, weightGradient, biasGradient]
