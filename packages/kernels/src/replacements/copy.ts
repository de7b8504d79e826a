import { CopyKind, lengths } from '../generated/exports.ts'
import type { Heap } from '../heap.ts'
import { merged, padded } from './dimensions.ts'

/** Number of dimensions that the kernel loops over. */
const DIMENSIONS = lengths.CopyArguments.size

/** One array of 32-bit elements: its address and its strides, in elements. */
export interface Strided {
  readonly address: number
  readonly strides: readonly number[]
}

/**
 * dst[i] = src[i] for all indices i of a loop of these sizes.
 *
 * @returns false, with nothing done, when the loop has too many dimensions
 */
export function copyStrided(heap: Heap, sizes: readonly number[], src: Strided, dst: Strided): boolean {
  if (sizes.includes(0)) return true
  let loop = merged({ sizes: [...sizes], strides: [[...src.strides], [...dst.strides]] })
  if (loop.sizes.length > DIMENSIONS - 1) return false
  let kind: number = CopyKind.ELEMENTS
  const last = loop.sizes.length - 1
  const [s, t] = loop.strides as [number[], number[]]
  if (last < 0 || (s[last] === 1 && t[last] === 1)) kind = CopyKind.RUNS
  else {
    const row = s.indexOf(1)
    if (t[last] === 1 && row >= 0) {
      // The dimension along which src is contiguous goes next to the last.
      const order = [...loop.sizes.keys()].filter((i) => i !== row)
      order.splice(order.length - 1, 0, row)
      loop = { sizes: order.map((i) => loop.sizes[i]!), strides: loop.strides.map((own) => order.map((i) => own[i]!)) }
      kind = CopyKind.TRANSPOSE
    }
  }
  if (loop.sizes.length === 0) loop = { sizes: [1], strides: [[1], [1]] }
  const { sizes: size, strides } = padded(loop, DIMENSIONS)
  heap.exports.stridedCopy({
    kind,
    src: src.address,
    dst: dst.address,
    size,
    srcStride: strides[0]!,
    dstStride: strides[1]!,
  })
  return true
}
