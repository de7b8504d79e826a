import {
  kernel_impls,
  NonMaxSuppressionV3,
  NonMaxSuppressionV4,
  NonMaxSuppressionV5,
  type TensorInfo,
} from '@tensorflow/tfjs-core'
import { defineKernel, type KernelCall, type WasmKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import type { Heap } from '../heap.ts'

interface Attributes {
  readonly maxOutputSize: number
  readonly iouThreshold: number
  readonly scoreThreshold: number
  readonly padToMaxOutputSize: boolean
  readonly softNmsSigma: number
}

/** Copies of the boxes [N, 4] and their scores [N]. */
function read(where: string, { inputs, heap }: KernelCall): [Float32Array, Float32Array] {
  const { boxes, scores } = inputs as { boxes: TensorInfo; scores: TensorInfo }
  const floats = boxes.dtype === 'float32' && scores.dtype === 'float32'
  if (!floats || boxes.shape.length !== 2 || boxes.shape[1] !== 4 || `${scores.shape}` !== `${boxes.shape[0]}`) {
    throw new KernelError(
      'shape',
      `${where}: expected float32 boxes [N, 4] and scores [N], got ${boxes.dtype} [${boxes.shape}] and ${scores.dtype} [${scores.shape}].`,
    )
  }
  return [heap.floats(boxes).slice(), heap.floats(scores).slice()]
}

function write(heap: Heap, values: readonly number[], dtype: 'int32' | 'float32'): TensorInfo {
  const out = heap.makeOutput([values.length], dtype)
  heap.values(out).set(values)
  return out
}

/**
 * `tf.image.nonMaxSuppression`, by the algorithm of tfjs-core. The C++ code of tfjs sorts by a comparison that NaN breaks, and
 * loses results that lie above 2 GiB.
 */
export const suppressionKernels: readonly WasmKernel[] = [
  defineKernel(NonMaxSuppressionV3, (call) => {
    const { maxOutputSize, iouThreshold, scoreThreshold } = call.attrs as unknown as Attributes
    const [boxes, scores] = read('nonMaxSuppression', call)
    const { selectedIndices } = kernel_impls.nonMaxSuppressionV3Impl(
      ...([boxes, scores, maxOutputSize, iouThreshold, scoreThreshold] as const),
    )
    return write(call.heap, selectedIndices, 'int32')
  }),
  defineKernel(NonMaxSuppressionV4, (call) => {
    const { maxOutputSize, iouThreshold, scoreThreshold, padToMaxOutputSize } = call.attrs as unknown as Attributes
    const [boxes, scores] = read('nonMaxSuppressionPadded', call)
    const { selectedIndices, validOutputs } = kernel_impls.nonMaxSuppressionV4Impl(
      ...([boxes, scores, maxOutputSize, iouThreshold, scoreThreshold, padToMaxOutputSize] as const),
    )
    const valid = write(call.heap, [validOutputs!], 'int32')
    return [write(call.heap, selectedIndices, 'int32'), { ...valid, shape: [] }]
  }),
  defineKernel(NonMaxSuppressionV5, (call) => {
    const { maxOutputSize, iouThreshold, scoreThreshold, softNmsSigma } = call.attrs as unknown as Attributes
    const [boxes, scores] = read('nonMaxSuppressionWithScore', call)
    const { selectedIndices, selectedScores } = kernel_impls.nonMaxSuppressionV5Impl(
      ...([boxes, scores, maxOutputSize, iouThreshold, scoreThreshold, softNmsSigma] as const),
    )
    return [write(call.heap, selectedIndices, 'int32'), write(call.heap, selectedScores!, 'float32')]
  }),
]
