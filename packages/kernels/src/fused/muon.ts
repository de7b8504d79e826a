import type { TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { muonEntryBytes, writeMuonEntry } from '../generated/exports.ts'
import { checkRank, checkTensor } from './check.ts'
import { takeOwnMemory } from './tensor-table.ts'

// R rows, C columns

interface Attributes {
  readonly momentum: number
  /** Iterations that make a step orthogonal. */
  readonly newtonSchulzSteps: number
  /** Length of a step of each matrix. */
  readonly rates: readonly number[]
  /** The share of each weight that a step leaves, by matrix. */
  readonly decays: readonly number[]
  readonly gradientScale: number
}

/**
 * 'HeddleMuon': one step of Muon for many matrices [R, C] at once and in place.
 *
 * Inputs: all parameters, then all gradients, all means of gradients. Nothing comes out: parameters and means are overwritten, and
 * so must share their memory with no other tensor. A matrix is the work of one thread, which suits those that fit its cache.
 *
 * @see Jordan 2024, "Muon: an optimizer for hidden layers in neural networks"
 */
export const muon = defineKernel('HeddleMuon', ({ inputs, attrs, heap }) => {
  const tensors = Object.values(inputs) as TensorInfo[]
  const { momentum, newtonSchulzSteps, rates, decays, gradientScale } = attrs as unknown as Attributes
  const count = rates.length
  if (tensors.length !== 3 * count || decays.length !== count || !(newtonSchulzSteps >= 1)) {
    throw new KernelError(
      'usage',
      `Muon: expected ${3 * count} tensors and ${count} decays for ${count} rates and at least one iteration, ` +
        `got ${tensors.length}, ${decays.length} and ${newtonSchulzSteps} iterations.`,
    )
  }
  const entries = rates.map((rate, i) => {
    const [value, gradient, m] = [0, 1, 2].map((group) => tensors[group * count + i]!) as [
      ...[TensorInfo, TensorInfo, TensorInfo],
    ]
    checkRank('Muon', `parameter ${i}`, value, 'R, C')
    checkTensor('Muon', `gradient ${i}`, gradient, value.shape)
    for (const changed of [value, m]) {
      checkTensor('Muon', `parameter and mean ${i}`, changed, value.shape)
      takeOwnMemory('Muon', `parameter and mean ${i}`, heap, changed)
    }
    const [rows, columns] = value.shape as [number, number]
    return { value, gradient, m, rows, columns, rate, decay: decays[i]! }
  })
  const matrices = entries.filter(({ rows, columns }) => rows * columns > 0)
  if (matrices.length === 0) return []
  const table = heap.makeOutput([(matrices.length * muonEntryBytes) / 4], 'int32')
  const parts = heap.exports.muonParts(matrices.length)
  const scratchFloats = Math.max(...matrices.map(({ rows, columns }) => heap.exports.muonScratch(rows, columns)))
  const scratch = heap.makeOutput([parts * scratchFloats])
  const start = heap.addressOf(table)
  matrices.forEach(({ value, gradient, m, ...entry }, i) => {
    writeMuonEntry(heap.words, start + i * muonEntryBytes, {
      ...entry,
      gradient: heap.addressOf(gradient),
      value: heap.addressOf(value),
      m: heap.addressOf(m),
    })
  })
  heap.exports.muonStep({
    count: matrices.length,
    entries: start,
    scratch: heap.addressOf(scratch),
    scratchFloats,
    parts,
    steps: newtonSchulzSteps,
    momentum,
    scale: gradientScale,
  })
  heap.dispose(scratch)
  heap.dispose(table)
  return []
})
