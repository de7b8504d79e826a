import { engine, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, type WasmKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { sizeOf } from '../heap.ts'
import { checkRank } from './check.ts'

// N any leading axes, V number of embeddings, D embedding size

/**
 * 'HeddleEmbedding': rows of a table by id.
 *
 * Inputs ids [N…] int32, table [V, D]; attribute paddingIndex, a row that gets no gradient, or -1. Output [N…, D].
 */
const embedding = defineKernel(
  'HeddleEmbedding',
  ({ inputs, heap }) => {
    const { ids, table } = inputs as Record<'ids' | 'table', TensorInfo>
    checkRank('Embedding', 'table', table, 'V, D')
    if (ids.dtype !== 'int32') {
      throw new KernelError('shape', `Embedding: expected int32 ids, got ${ids.dtype} [${ids.shape}].`)
    }
    const [V, D] = table.shape as [number, number]
    const wrong = heap.ints(ids).find((id) => id < 0 || id >= V)
    if (wrong !== undefined) {
      throw new KernelError('shape', `Embedding: expected ids from 0 to ${V - 1}, got ${wrong}.`)
    }
    const out = heap.makeOutput([...ids.shape, D])
    const count = sizeOf(ids.shape)
    if (count * D > 0) {
      heap.exports.gatherRows({
        x: heap.addressOf(table),
        ids: heap.addressOf(ids),
        out: heap.addressOf(out),
        count,
        size: D,
        blocks: 1,
        blocksOfIds: 1,
        rows: V,
      })
    }
    return [out]
  },
  {
    inputsToSave: ['ids', 'table'],
    gradFunc: (dy, [ids, table], attrs) => ({
      table: () =>
        engine().runKernel(
          'HeddleEmbeddingGradient',
          { ids: ids!, dy: (Array.isArray(dy) ? dy[0] : dy) as Tensor },
          { shape: table!.shape, paddingIndex: attrs['paddingIndex']! },
        ) as Tensor,
    }),
  },
)

/** The rows of dy added up by id. */
const embeddingGradient = defineKernel('HeddleEmbeddingGradient', ({ inputs, attrs, heap }) => {
  const { ids, dy } = inputs as Record<'ids' | 'dy', TensorInfo>
  const { shape, paddingIndex } = attrs as unknown as { shape: [number, number]; paddingIndex: number }
  const [V, D] = shape
  const out = heap.makeOutput(shape)
  const count = sizeOf(ids.shape)
  if (V * D === 0) return out
  heap.exports.segmentSum({
    count,
    size: D,
    segments: V,
    x: heap.addressOf(dy),
    ids: heap.addressOf(ids),
    out: heap.addressOf(out),
  })
  if (paddingIndex >= 0) heap.floats(out).fill(0, paddingIndex * D, (paddingIndex + 1) * D)
  return out
})

export const embeddingKernels: readonly WasmKernel[] = [embedding, embeddingGradient]
