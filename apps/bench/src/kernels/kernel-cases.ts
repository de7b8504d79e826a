import type * as tf from '@tensorflow/tfjs-core'

/** One call of a kernel. */
export interface Case {
  readonly kernel: string
  readonly shapes: Readonly<Record<string, readonly number[]>>
  readonly attrs?: tf.NamedAttrMap
  /** Floating-point operations of a call, for a rate. */
  readonly flops?: number
}

const product = (m: number, n: number, k: number, transposeA = false, transposeB = false): Case => ({
  kernel: 'BatchMatMul',
  shapes: { a: transposeA ? [k, m] : [m, k], b: transposeB ? [n, k] : [k, n] },
  attrs: { transposeA, transposeB },
  flops: 2 * m * n * k,
})

const convolution = (x: number[], filter: number[], strides = 1): Case => ({
  kernel: 'Conv2D',
  shapes: { x, filter },
  attrs: { strides, pad: 'same', dataFormat: 'NHWC', dilations: 1 },
  flops: (2 * x[0]! * x[1]! * x[2]! * filter.reduce((size, n) => size * n, 1)) / strides ** 2,
})

const rows = [2048, 1024]
/** Calls of every kernel that matters to training, at the sizes of the models. */
export const kernelCases: readonly Case[] = [
  ...[64, 256, 512, 1024].flatMap((n) => [
    product(n, n, n),
    product(n, n, n, false, true),
    product(n, n, n, true, false),
    product(n, n, n, true, true),
  ]),
  product(1, 1536, 384),
  product(1, 5000, 256, false, true),
  product(32, 1024, 256),
  product(2048, 65, 256),
  {
    kernel: 'BatchMatMul',
    shapes: { a: [48, 64, 32], b: [48, 64, 32] },
    attrs: { transposeA: false, transposeB: true },
    flops: 2 * 48 * 64 * 64 * 32,
  },
  ...['Exp', 'Tanh', 'Sigmoid', 'Erf', 'Log', 'Relu', 'Sqrt', 'Square'].map((kernel) => ({
    kernel,
    shapes: { x: rows },
  })),
  ...['Add', 'Multiply', 'RealDiv'].map((kernel) => ({ kernel, shapes: { a: rows, b: rows } })),
  { kernel: 'Add', shapes: { a: rows, b: [1024] } },
  { kernel: 'Multiply', shapes: { a: rows, b: [2048, 1] } },
  { kernel: 'Sum', shapes: { x: rows }, attrs: { axis: [0], keepDims: false } },
  { kernel: 'Sum', shapes: { x: rows }, attrs: { axis: [1], keepDims: false } },
  { kernel: 'Max', shapes: { x: rows }, attrs: { reductionIndices: [1], keepDims: false } },
  { kernel: 'Softmax', shapes: { logits: rows }, attrs: { dim: 1 } },
  { kernel: 'Greater', shapes: { a: rows, b: [1024] } },
  { kernel: 'Unpack', shapes: { value: [64, 20, 512] }, attrs: { axis: 1 } },
  { kernel: 'SplitV', shapes: { x: rows }, attrs: { numOrSizeSplits: 4, axis: 1 } },
  { kernel: 'Reverse', shapes: { x: rows }, attrs: { dims: [0] } },
  {
    kernel: 'MaxPool',
    shapes: { x: [32, 24, 24, 32] },
    attrs: { filterSize: 2, strides: 2, pad: 0, dimRoundingMode: 'floor' },
  },
  {
    kernel: 'MaxPoolGrad',
    shapes: { dy: [32, 12, 12, 32], input: [32, 24, 24, 32] },
    attrs: { filterSize: 2, strides: 2, pad: 0, dimRoundingMode: 'floor' },
  },
  {
    kernel: 'DepthwiseConv2dNative',
    shapes: { x: [32, 24, 24, 32], filter: [3, 3, 32, 1] },
    attrs: { strides: 1, pad: 'same', dilations: 1 },
  },
  { kernel: 'Transpose', shapes: { x: rows }, attrs: { perm: [1, 0] } },
  { kernel: 'Transpose', shapes: { x: [32, 64, 4, 64] }, attrs: { perm: [0, 2, 1, 3] } },
  { kernel: 'Slice', shapes: { x: [32, 64, 4, 64] }, attrs: { begin: [0, 0, 1, 0], size: [32, 64, 2, 64] } },
  { kernel: 'Concat', shapes: { '0': [2048, 128], '1': [2048, 256] }, attrs: { axis: 1 } },
  convolution([32, 24, 24, 3], [3, 3, 3, 32]),
  convolution([32, 12, 12, 32], [3, 3, 32, 64]),
  convolution([32, 6, 6, 64], [3, 3, 64, 128]),
  convolution([8, 28, 28, 64], [1, 1, 64, 128]),
  convolution([8, 28, 28, 64], [3, 3, 64, 64], 2),
  convolution([1, 24, 24, 3], [3, 3, 3, 32]),
  {
    kernel: 'Conv2DBackpropInput',
    shapes: { dy: [8, 28, 28, 32], filter: [3, 3, 16, 32] },
    attrs: { strides: 1, pad: 'same', dataFormat: 'NHWC', inputShape: [8, 28, 28, 16] },
  },
]
