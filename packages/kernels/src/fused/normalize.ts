import { engine, type NamedTensorInfoMap, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, type KernelCall, type WasmKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { sizeOf } from '../heap.ts'
import { checkTensor } from './check.ts'
import { isRecording, makeWorkspace } from './workspace.ts'

// N any leading axes, D features

/**
 * 'HeddleLayerNorm': inputs x [N…, D], weight and bias [D]; attribute epsilon. 'HeddleRmsNorm': the same without bias.
 * Output [N…, D].
 */
const layerNorm = normalization('HeddleLayerNorm', true)
const rmsNorm = normalization('HeddleRmsNorm', false)

function normalization(name: string, centred: boolean): WasmKernel {
  const where = name.slice('Heddle'.length)
  return defineKernel(name, (call) => forward(where, centred, call), {
    inputsToSave: ['x', 'weight'],
    outputsToSave: [false, true],
    gradFunc: (dy, [x, weight, statistics]) => {
      const inputs = { x: x!, weight: weight!, statistics: statistics!, dy: (dy as Tensor[])[0]! }
      const [dx, dWeight, dBias] = engine().runKernel('HeddleNormalizeGradient', inputs, { centred }) as unknown as [
        ...[Tensor, Tensor],
        Tensor | undefined,
      ]
      return { x: () => dx, weight: () => dWeight, ...(dBias && { bias: () => dBias }) }
    },
  })
}

function forward(where: string, centred: boolean, { inputs, attrs, heap }: KernelCall): TensorInfo[] {
  const { x, weight, bias } = inputs as NamedTensorInfoMap & Record<'x' | 'weight' | 'bias', TensorInfo>
  const D = weight.shape[0]!
  if (x.dtype !== 'float32' || x.shape.at(-1) !== D || D === 0) {
    throw new KernelError('shape', `${where}: expected x float32 [..., ${D}], got ${x.dtype} [${x.shape}].`)
  }
  checkTensor(where, 'weight', weight, [D])
  if (centred) checkTensor(where, 'bias', bias, [D])
  const N = sizeOf(x.shape) / D
  const y = heap.makeOutput(x.shape)
  const statistics = isRecording() ? makeWorkspace(heap, 2 * N) : undefined
  heap.exports.normalize({
    rows: N,
    size: D,
    centred: Number(centred),
    epsilon: attrs['epsilon'] as number,
    x: heap.addressOf(x),
    weight: heap.addressOf(weight),
    bias: centred ? heap.addressOf(bias) : 0,
    y: heap.addressOf(y),
    statistics: statistics === undefined ? 0 : heap.addressOf(statistics),
  })
  return statistics === undefined ? [y] : [y, statistics]
}

const gradient = defineKernel('HeddleNormalizeGradient', ({ inputs, attrs, heap }) => {
  const { x, weight, statistics, dy } = inputs as Record<'x' | 'weight' | 'statistics' | 'dy', TensorInfo>
  const centred = attrs['centred'] as boolean
  const D = weight.shape[0]!
  const N = sizeOf(x.shape) / D
  const dx = heap.makeOutput(x.shape)
  const dWeight = heap.makeOutput([D])
  const dBias = centred ? heap.makeOutput([D]) : undefined
  const partial = heap.makeOutput([heap.exports.normalizeBlocks(N) * 2 * D])
  heap.exports.normalizeGradient({
    rows: N,
    size: D,
    centred: Number(centred),
    x: heap.addressOf(x),
    weight: heap.addressOf(weight),
    statistics: heap.addressOf(statistics),
    dy: heap.addressOf(dy),
    dx: heap.addressOf(dx),
    dWeight: heap.addressOf(dWeight),
    dBias: dBias === undefined ? 0 : heap.addressOf(dBias),
    partial: heap.addressOf(partial),
  })
  heap.dispose(partial)
  return dBias === undefined ? [dx, dWeight] : [dx, dWeight, dBias]
})

export const normalizeKernels: readonly WasmKernel[] = [layerNorm, rmsNorm, gradient]
