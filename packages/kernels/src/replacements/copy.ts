import type { DataType, TensorInfo } from '@tensorflow/tfjs-core'
import { CopyKind, lengths } from '../generated/exports.ts'
import type { Heap } from '../heap.ts'
import { type Loop, merged, padded } from './dimensions.ts'

/** Number of dimensions that the kernel loops over. */
const DIMENSIONS = lengths.CopyArguments.size

/** One array of 32-bit elements: its address and its strides, in elements. */
export interface Strided {
  readonly address: number
  readonly strides: readonly number[]
}

/** dst[i] = src[i] for all indices i of a loop of these sizes, for elements of 32 bits or, for booleans, of 8. */
export function copyStrided(heap: Heap, dtype: DataType, sizes: readonly number[], src: Strided, dst: Strided): void {
  if (sizes.includes(0)) return
  let loop = merged({ sizes: [...sizes], strides: [[...src.strides], [...dst.strides]] })
  if (dtype === 'bool' || loop.sizes.length > DIMENSIONS - 1) {
    copyElements(dtype === 'bool' ? heap.words.HEAPU8 : heap.words.HEAP32, loop, src.address, dst.address)
    return
  }
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
}

/** Rare: any number of dimensions, and elements of one byte. */
function copyElements(memory: Uint8Array | Int32Array, { sizes, strides }: Loop, src: number, dst: number): void {
  const [s, t] = strides as [number[], number[]]
  const last = sizes.length - 1
  const visit = (d: number, from: number, to: number) => {
    if (d > last) memory[to] = memory[from]!
    else if (d === last && s[d] === 1 && t[d] === 1) memory.copyWithin(to, from, from + sizes[d]!)
    else for (let i = 0; i < sizes[d]!; i++) visit(d + 1, from + i * s[d]!, to + i * t[d]!)
  }
  visit(0, src / memory.BYTES_PER_ELEMENT, dst / memory.BYTES_PER_ELEMENT)
}

/** Bytes of an element. */
export function elementBytes({ dtype }: TensorInfo): 1 | 4 {
  return dtype === 'bool' ? 1 : 4
}
