import { backend_util, Max, Mean, Min, Sum, type TensorInfo, util } from '@tensorflow/tfjs-core'
import { defineKernel, type WasmKernel } from '../define-kernel.ts'
import { Reduction } from '../generated/exports.ts'
import { sizeOf } from '../heap.ts'

const operations = { [Sum]: Reduction.SUM, [Max]: Reduction.MAX, [Min]: Reduction.MIN, [Mean]: Reduction.SUM }

/** `tf.sum`, `tf.mean`, `tf.max` and `tf.min` of floats along axes that lie side by side; the rest goes to tfjs. */
export const reductionKernels: readonly WasmKernel[] = Object.entries(operations).map(([name, operation]) =>
  defineKernel(name, ({ inputs, attrs, heap, stock }) => {
    const { x } = inputs as { x: TensorInfo }
    const { axis, reductionIndices, keepDims } = attrs as {
      axis?: number | number[]
      reductionIndices?: number | number[]
      keepDims?: boolean
    }
    const axes = util.parseAxisParam((axis ?? reductionIndices) as number[], x.shape).sort((a, b) => a - b)
    const adjacent = axes.every((value, i) => i === 0 || value === axes[i - 1]! + 1)
    if (x.dtype !== 'float32' || !adjacent || sizeOf(x.shape) === 0) return stock()
    const [reduced] = backend_util.computeOutAndReduceShapes(x.shape, axes)
    const out = heap.makeOutput(keepDims ? backend_util.expandShapeToKeepDim(reduced, axes) : reduced)
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
