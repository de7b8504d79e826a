import type { TensorInfo } from '@tensorflow/tfjs-core'
import { KernelError } from '../errors.ts'
import { Activation } from '../generated/exports.ts'
import { type Heap, sizeOf } from '../heap.ts'

// B batch, M rows of the result, K inner dimension, N columns of the result

/** Activations that the product can apply, by the names that tfjs gives them. */
export const foldedActivations: Readonly<Record<string, number>> = {
  linear: Activation.LINEAR,
  relu: Activation.RELU,
  relu6: Activation.RELU6,
  leakyrelu: Activation.LEAKY_RELU,
  elu: Activation.ELU,
  sigmoid: Activation.SIGMOID,
}

export interface MatMulOptions {
  readonly transposeA: boolean
  readonly transposeB: boolean
  /** [N], added to every row. */
  readonly bias?: TensorInfo
  /** A number of `foldedActivations`. */
  readonly activation?: number
  readonly leakyReluAlpha?: number
  /** A result that the product is added to, in place of a new one. */
  readonly addTo?: TensorInfo
}

/**
 * activation(A B + bias) over broadcast batch dimensions.
 *
 * @param a [..., M, K], or [..., K, M] transposed
 * @param b [..., K, N], or [..., N, K] transposed
 * @returns [..., M, N]
 * @throws HeddleError `shape`
 */
export function matMul(where: string, heap: Heap, a: TensorInfo, b: TensorInfo, options: MatMulOptions): TensorInfo {
  const { transposeA, transposeB, bias, activation = Activation.LINEAR, leakyReluAlpha = 0, addTo } = options
  if (a.dtype !== 'float32' || b.dtype !== 'float32' || a.shape.length < 2 || b.shape.length < 2) {
    throw new KernelError(
      'shape',
      `${where}: expected two float32 tensors of rank 2 or more, got ${a.dtype} [${a.shape}] and ${b.dtype} [${b.shape}]. Cast or reshape them.`,
    )
  }
  const [aRows, aColumns] = a.shape.slice(-2) as [number, number]
  const [bRows, bColumns] = b.shape.slice(-2) as [number, number]
  const [M, K] = transposeA ? [aColumns, aRows] : [aRows, aColumns]
  const [innerB, N] = transposeB ? [bColumns, bRows] : [bRows, bColumns]
  const batchA = a.shape.slice(0, -2)
  const batchB = b.shape.slice(0, -2)
  const batchShape = broadcast(batchA, batchB)
  if (K !== innerB || batchShape === undefined) {
    const mark = (transposed: boolean) => (transposed ? ' (transposed)' : '')
    throw new KernelError(
      'shape',
      `${where}: expected [..., M, K] and [..., K, N], got [${a.shape}]${mark(transposeA)} and [${b.shape}]${mark(transposeB)}. ` +
        'Make the inner sizes equal and the batch sizes equal or 1.',
    )
  }
  if (bias !== undefined && (bias.dtype !== 'float32' || sizeOf(bias.shape) !== N)) {
    throw new KernelError('shape', `${where}: expected bias float32 [${N}], got ${bias.dtype} [${bias.shape}].`)
  }
  const out = addTo ?? heap.makeOutput([...batchShape, M, N])
  if (sizeOf(out.shape) === 0) return out

  const sizeA = M * K
  const sizeB = K * N
  const call = (
    batch: number,
    m: number,
    offsetA: number,
    strideA: number,
    offsetB: number,
    strideB: number,
    offsetC: number,
  ) => {
    const shared = worthSharing(heap.threads, batch, m, N, K)
      ? heap.makeOutput([heap.exports.packedBBytes(K, N) / 4])
      : undefined
    heap.exports.gemmBatch({
      batch,
      m,
      n: N,
      k: K,
      a: heap.addressOf(a) + 4 * offsetA,
      aBatch: strideA,
      aRow: transposeA ? 1 : K,
      aColumn: transposeA ? M : 1,
      b: heap.addressOf(b) + 4 * offsetB,
      bBatch: strideB,
      bRow: transposeB ? 1 : N,
      bColumn: transposeB ? K : 1,
      c: heap.addressOf(out) + 4 * offsetC,
      bias: bias === undefined ? 0 : heap.addressOf(bias),
      activation,
      accumulate: Number(addTo !== undefined),
      alpha: leakyReluAlpha,
      workspace: shared === undefined ? 0 : heap.addressOf(shared),
    })
    if (shared !== undefined) heap.dispose(shared)
  }

  const batch = sizeOf(batchShape)
  const [countA, countB] = [sizeOf(batchA), sizeOf(batchB)]
  if (countB === 1 && countA === batch && !transposeA) call(1, batch * M, 0, 0, 0, 0, 0)
  else if ((countA === batch || countA === 1) && (countB === batch || countB === 1)) {
    call(batch, M, 0, countA === 1 ? 0 : sizeA, 0, countB === 1 ? 0 : sizeB, 0)
  } else {
    const indexA = broadcastIndices(batchA, batchShape)
    const indexB = broadcastIndices(batchB, batchShape)
    for (let i = 0; i < batch; i++) call(1, M, indexA[i]! * sizeA, 0, indexB[i]! * sizeB, 0, i * M * N)
  }
  return out
}

// From here on, threads pack B once together instead of each for itself.
const SHARED_MULTIPLY_ADDS = 4e6
const LEAST_ROWS = 48

function worthSharing(threads: number, batch: number, m: number, n: number, k: number): boolean {
  return (
    threads > 1 && batch < 2 * threads && n < 2 * m && m >= LEAST_ROWS * threads && m * n * k >= SHARED_MULTIPLY_ADDS
  )
}

/** The common shape of two broadcast shapes, or undefined. */
function broadcast(a: readonly number[], b: readonly number[]): number[] | undefined {
  const rank = Math.max(a.length, b.length)
  const shape: number[] = []
  for (let i = 0; i < rank; i++) {
    const [x, y] = [a[a.length - rank + i] ?? 1, b[b.length - rank + i] ?? 1]
    if (x !== y && x !== 1 && y !== 1) return undefined
    shape.push(x === 1 ? y : x)
  }
  return shape
}

/** For every element of `to`, the index of the element of `from` that it reads. */
function broadcastIndices(from: readonly number[], to: readonly number[]): number[] {
  let indices = [0]
  const missing = to.length - from.length
  to.forEach((size, dimension) => {
    const own = dimension < missing ? 1 : from[dimension - missing]!
    indices = indices.flatMap((index) => Array.from({ length: size }, (_, i) => index * own + (own === 1 ? 0 : i)))
  })
  return indices
}
