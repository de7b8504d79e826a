import {
  All,
  Any,
  ArgMax,
  ArgMin,
  backend_util,
  Max,
  Mean,
  Min,
  Prod,
  Sum,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core'
import { guardKernel, type KernelCall, type WasmKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { Reduction } from '../generated/exports.ts'
import { type Heap, sizeOf } from '../heap.ts'
import { stridesOf } from './dimensions.ts'

const operations = { [Sum]: Reduction.SUM, [Max]: Reduction.MAX, [Min]: Reduction.MIN, [Mean]: Reduction.SUM }

/** One reduction: its value over nothing, and how it takes a number in. */
interface Plain {
  readonly empty: number
  readonly step: (sum: number, x: number) => number
}

const plain: Readonly<Record<string, Plain>> = {
  [Sum]: { empty: 0, step: (sum, x) => sum + x },
  [Mean]: { empty: 0, step: (sum, x) => sum + x },
  [Prod]: { empty: 1, step: (product, x) => product * x },
  [Max]: { empty: Number.NEGATIVE_INFINITY, step: (largest, x) => Math.max(largest, x) },
  [Min]: { empty: Number.POSITIVE_INFINITY, step: (smallest, x) => Math.min(smallest, x) },
  [All]: { empty: 1, step: (all, x) => all & x },
  [Any]: { empty: 0, step: (any, x) => any | x },
}

/** `tf.sum`, `tf.mean`, `tf.max` and `tf.min`: fast for floats along axes that lie side by side. */
export const reductionKernels: readonly WasmKernel[] = Object.entries(operations).map(([name, operation]) =>
  guardKernel(name, (call) => {
    const { heap } = call
    const { x, axes, shape } = readCall(call)
    const adjacent = axes.every((value, i) => i === 0 || value === axes[i - 1]! + 1)
    if (x.dtype === 'bool' || sizeOf(x.shape) === 0) return reducePlain(name, heap, x, axes, shape)
    if (!adjacent || x.dtype !== 'float32') return call.stock()
    const out = heap.makeOutput(shape)
    const first = axes[0] ?? x.shape.length
    const length = sizeOf(axes.map((value) => x.shape[value]!))
    heap.exports.reduce({
      operation,
      x: heap.addressOf(x),
      y: heap.addressOf(out),
      scale: name === Mean ? 1 / length : 1,
      outer: sizeOf(x.shape.slice(0, first)),
      length,
      inner: sizeOf(x.shape.slice(first + axes.length)),
    })
    return out
  }),
)

/** `tf.prod`, `tf.all` and `tf.any`; over nothing they are 1, true and false, where tfjs's own kernels write nothing. */
export const rareReductionKernels: readonly WasmKernel[] = [Prod, All, Any].map((name) =>
  guardKernel(name, (call) => {
    const { x, axes, shape } = readCall(call)
    if (name !== Prod && x.dtype !== 'bool') {
      throw new KernelError('shape', `${name}: expected x bool, got ${x.dtype} [${x.shape}]. Compare it first.`)
    }
    const plainly = sizeOf(x.shape) === 0 || (name === Prod && x.dtype === 'bool')
    return plainly ? reducePlain(name, call.heap, x, axes, shape) : call.stock()
  }),
)

/** `tf.argMax` and `tf.argMin`: an axis without elements has no largest one. */
export const argumentKernels: readonly WasmKernel[] = [ArgMax, ArgMin].map((name) =>
  guardKernel(name, ({ inputs, attrs, stock, run, heap }) => {
    const { x } = inputs as { x: TensorInfo }
    const axes = util.parseAxisParam(attrs['axis'] as number | number[], x.shape)
    if (axes.length !== 1 || x.shape[axes[0]!] === 0) {
      throw new KernelError(
        'shape',
        `${name}: expected one axis with at least one element, got [${axes}] of [${x.shape}].`,
      )
    }
    if (sizeOf(x.shape) === 0)
      return heap.makeOutput(
        x.shape.filter((_, i) => i !== axes[0]),
        'int32',
      )
    if (x.dtype === 'float32') return stock()
    // Integers up to 2^24 are floats as well.
    const floats = run('Cast', { x }, { dtype: 'float32' })
    const out = run(name, { x: floats }, attrs)
    heap.dispose(floats)
    return out
  }),
)

function readCall({ inputs, attrs }: KernelCall): { x: TensorInfo; axes: number[]; shape: number[] } {
  const { x } = inputs as { x: TensorInfo }
  const { axis, reductionIndices, keepDims } = attrs as {
    axis?: number | number[]
    reductionIndices?: number | number[]
    keepDims?: boolean
  }
  const axes = util.parseAxisParam((axis ?? reductionIndices) as number[], x.shape).sort((a, b) => a - b)
  const [reduced] = backend_util.computeOutAndReduceShapes(x.shape, axes)
  return { x, axes, shape: keepDims ? backend_util.expandShapeToKeepDim(reduced, axes) : reduced }
}

/**
 * A reduction along any axes, number by number: of booleans, and of nothing at all. A mean is a float, a product
 * of booleans an integer.
 *
 * @throws HeddleError `shape` for the largest or smallest of no integers
 */
function reducePlain(name: string, heap: Heap, x: TensorInfo, axes: readonly number[], shape: number[]): TensorInfo {
  const { empty, step } = plain[name]!
  const length = sizeOf(axes.map((axis) => x.shape[axis]!))
  if (length === 0 && x.dtype !== 'float32' && !Number.isFinite(empty) && sizeOf(shape) > 0) {
    throw new KernelError('shape', `${name}: expected at least one ${x.dtype} element, got none in [${x.shape}].`)
  }
  const counted = (name === Sum || name === Prod) && x.dtype === 'bool'
  const out = heap.makeOutput(shape, name === Mean ? 'float32' : counted ? 'int32' : x.dtype)
  const [from, to] = [heap.values(x), heap.values(out)]
  // Where each element goes: along the axes nowhere.
  const kept = x.shape.map((n, i) => (axes.includes(i) ? 1 : n))
  const strides = stridesOf(kept).map((stride, i) => (axes.includes(i) ? 0 : stride))
  const sums = new Float64Array(to.length).fill(empty)
  const index = new Array<number>(x.shape.length).fill(0)
  let target = 0
  for (let at = 0; at < from.length; at++) {
    sums[target] = step(sums[target]!, from[at]!)
    for (let d = index.length - 1; d >= 0; d--) {
      target += strides[d]!
      if (++index[d]! < x.shape[d]!) break
      index[d] = 0
      target -= strides[d]! * x.shape[d]!
    }
  }
  if (name === Mean) for (let i = 0; i < sums.length; i++) sums[i]! /= length
  to.set(sums)
  return out
}
