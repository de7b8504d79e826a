import type { Heap } from '../heap.ts'
import { merged, padded } from './dimensions.ts'

/** How many dimensions assembly/strided.ts loops over. */
const DIMENSIONS = 5

const RUNS = 0
const TRANSPOSE = 1
const ELEMENTS = 2

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
  let kind = ELEMENTS
  const last = loop.sizes.length - 1
  const [s, t] = loop.strides as [number[], number[]]
  if (last < 0 || (s[last] === 1 && t[last] === 1)) kind = RUNS
  else {
    const row = s.indexOf(1)
    if (t[last] === 1 && row >= 0) {
      // The dimension along which src is contiguous goes next to the last.
      const order = [...loop.sizes.keys()].filter((i) => i !== row)
      order.splice(order.length - 1, 0, row)
      loop = { sizes: order.map((i) => loop.sizes[i]!), strides: loop.strides.map((own) => order.map((i) => own[i]!)) }
      kind = TRANSPOSE
    }
  }
  if (loop.sizes.length === 0) loop = { sizes: [1], strides: [[1], [1]] }
  const { sizes: d, strides } = padded(loop, DIMENSIONS)
  heap.exports.stridedCopy(heap.arguments([kind, src.address, dst.address, ...d, ...strides[0]!, ...strides[1]!]))
  return true
}
