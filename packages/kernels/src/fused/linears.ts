import { engine, type NamedTensorInfoMap, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, type KernelCall, type WasmKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { matMul } from '../replacements/matmul.ts'
import { checkRank, checkTensor } from './check.ts'
import { withRows } from './workspace.ts'

// N any leading axes, I input size, O output size of a map

/**
 * 'HeddleLinears2' and 'HeddleLinears3': affine maps of one x, y0 = x·weight0 + bias0 and so on. The gradient of x is summed in place.
 *
 * Inputs x [N…, I], weight0, weight1, … [I, O], bias0, bias1, … [O], each or none. Outputs [N…, O].
 */
const linears = [2, 3].map((count) => {
  const names = Array.from({ length: count }, (_, i) => `weight${i}`)
  return defineKernel(`HeddleLinears${count}`, (call) => forward(names, call), {
    inputsToSave: ['x', ...names],
    gradFunc: (dys, saved) => {
      const dy = dys as Tensor[]
      const [x, ...weights] = saved as [Tensor, ...Tensor[]]
      const run = (name: string, inputs: Record<string, Tensor>) => engine().runKernel(name, inputs) as Tensor
      const all = Object.fromEntries(
        names.flatMap((name, i) => [
          [name, weights[i]!],
          [`dy${i}`, dy[i]!],
        ]),
      )
      return {
        x: () => run('HeddleLinearsInputGradient', all),
        ...Object.fromEntries(
          dy.flatMap((d, i) => [
            [`weight${i}`, () => run('HeddleLinearWeightGradient', { x, dy: d })],
            [`bias${i}`, () => run('HeddleLinearBiasGradient', { dy: d })],
          ]),
        ),
      }
    },
  })
})

function forward(names: readonly string[], { inputs, heap }: KernelCall): TensorInfo[] {
  const x = inputs['x']!
  const I = x.shape.at(-1)
  if (x.dtype !== 'float32' || I === undefined) {
    throw new KernelError('shape', `Linears: expected x float32 [..., I], got ${x.dtype} [${x.shape}].`)
  }
  for (const [i, name] of names.entries()) {
    const [weight, bias] = [inputs[name]!, inputs[`bias${i}`]]
    checkRank('Linears', name, weight, 'I, O')
    checkTensor('Linears', name, weight, [I, weight.shape[1]!])
    if (bias != null) checkTensor('Linears', `bias${i}`, bias, [weight.shape[1]!])
  }
  return withRows(heap, [x], ([rows]) =>
    names.map((name, i) => {
      const [weight, bias] = [inputs[name]!, inputs[`bias${i}`]]
      const options = { transposeA: false, transposeB: false, ...(bias != null && { bias }) }
      return { ...matMul('Linears', heap, rows!, weight, options), shape: [...x.shape.slice(0, -1), weight.shape[1]!] }
    }),
  )
}

/** Σ dy·weightᵀ over the maps. */
const inputGradient = defineKernel('HeddleLinearsInputGradient', ({ inputs, heap }) => {
  const dys = numbered(inputs, 'dy')
  const weights = numbered(inputs, 'weight')
  return withRows(heap, dys, (rows) => {
    let sum: TensorInfo | undefined
    for (const [i, dy] of rows.entries()) {
      const options = { transposeA: false, transposeB: true, ...(sum !== undefined && { addTo: sum }) }
      sum = matMul('Linears', heap, dy, weights[i]!, options)
    }
    return { ...sum!, shape: [...dys[0]!.shape.slice(0, -1), weights[0]!.shape[0]!] }
  })
})

export const linearsKernels: readonly WasmKernel[] = [...linears, inputGradient]

/** The inputs name0, name1, … */
function numbered(inputs: NamedTensorInfoMap, name: string): TensorInfo[] {
  const found: TensorInfo[] = []
  while (inputs[`${name}${found.length}`] != null) found.push(inputs[`${name}${found.length}`]!)
  return found
}
