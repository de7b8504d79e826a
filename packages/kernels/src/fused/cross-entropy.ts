import { engine, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, type WasmKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { checkRank, checkTensor } from './check.ts'
import { isRecording, makeWorkspace, shareAs } from './workspace.ts'

// N rows, C classes

/**
 * 'HeddleCrossEntropy': softmax cross-entropy of integer labels, no one-hot and no probabilities in between.
 *
 * Inputs logits [N, C], labels [N] int32; attributes ignoreIndex, labelSmoothing, reduction 'mean' or 'sum'. Output a scalar.
 * While a gradient is recorded, the pass over the exponentials leaves the gradient with respect to the logits behind, so that
 * going back costs nothing.
 */
const crossEntropy = defineKernel(
  'HeddleCrossEntropy',
  ({ inputs, attrs, heap }) => {
    const { logits, labels } = inputs as Record<string, TensorInfo>
    const { ignoreIndex, labelSmoothing, reduction } = attrs as {
      ignoreIndex: number
      labelSmoothing: number
      reduction: string
    }
    checkRank('crossEntropy', 'logits', logits, 'N, C')
    const [N, C] = logits.shape as [number, number]
    checkTensor('crossEntropy', 'labels', labels, [N], 'int32')
    const count = countRows(heap.ints(labels), C, ignoreIndex)
    const scale = reduction === 'sum' ? 1 : 1 / count
    const losses = heap.makeOutput([N])
    const gradient = isRecording() ? makeWorkspace(heap, N * C, [N, C]) : undefined
    const loss = heap.makeOutput([])
    const total = heap.exports.crossEntropy({
      rows: N,
      classes: C,
      logits: heap.addressOf(logits),
      labels: heap.addressOf(labels),
      losses: heap.addressOf(losses),
      gradient: gradient === undefined ? 0 : heap.addressOf(gradient),
      ignoreIndex,
      smoothing: labelSmoothing,
      scale,
    })
    heap.floats(loss)[0] = total * scale
    heap.dispose(losses)
    return gradient === undefined ? [loss] : [loss, gradient]
  },
  {
    outputsToSave: [false, true],
    gradFunc: (dy, [gradient]) => ({
      logits: () => {
        const [dLoss] = dy as Tensor[]
        return engine().runKernel('HeddleCrossEntropyGradient', { gradient: gradient!, dLoss: dLoss! }) as Tensor
      },
    }),
  },
)

/** The gradient from the forward pass, times that of the loss, which is 1 unless the loss is a part of a larger one. */
const crossEntropyGradient = defineKernel('HeddleCrossEntropyGradient', ({ inputs, heap, run }) => {
  const { gradient, dLoss } = inputs as Record<'gradient' | 'dLoss', TensorInfo>
  const ready = shareAs(heap, gradient, gradient.shape.slice(1))
  if (heap.floats(dLoss)[0] === 1) return ready
  const scaled = run('Multiply', { a: ready, b: dLoss })
  heap.dispose(ready)
  return scaled
})

export const crossEntropyKernels: readonly WasmKernel[] = [crossEntropy, crossEntropyGradient]

/** Counts the rows with labels that are not ignored; refuses labels that name no class. */
function countRows(labels: Int32Array, C: number, ignoreIndex: number): number {
  let count = 0
  for (const label of labels) {
    if (label === ignoreIndex) continue
    if (label < 0 || label >= C) {
      throw new KernelError(
        'shape',
        `crossEntropy: expected labels from 0 to ${C - 1} or ${ignoreIndex} to ignore a row, got ${label}.`,
      )
    }
    count++
  }
  return count
}
