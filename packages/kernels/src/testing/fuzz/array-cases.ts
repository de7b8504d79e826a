import { type Generator, list } from './elementwise-cases.ts'
import type { Random } from './random.ts'

const reduction: Generator = (random) => {
  const shape = random.shape()
  const axes = random.axes(shape)
  const axis = random.chance(0.3) && shape.length > 0 ? [random.axis(shape)] : axes
  const attrs = { axis, reductionIndices: axis, keepDims: random.chance(0.3) }
  // Over nothing, the cpu backend gives what it finds.
  const alone = shape.includes(0)
  const dtype = random.dtype()
  return { inputs: { x: random.data(shape, dtype, dtype === 'float32' && random.chance(0.2)) }, attrs, alone }
}

const argument: Generator = (random) => {
  const shape = random.shape(1)
  return { inputs: { x: random.data(shape, random.dtype()) }, attrs: { axis: [random.axis(shape)] } }
}

const scan: Generator = (random) => {
  const shape = random.shape(1)
  const attrs = { axis: random.axis(shape), exclusive: random.chance(0.5), reverse: random.chance(0.5) }
  // The cpu backend forgets a dimension for a negative axis.
  return { inputs: { x: random.data(shape, random.pick(['float32', 'int32', 'bool'])) }, attrs, alone: attrs.axis < 0 }
}

const reshape = (random: Random, shape: readonly number[]) => {
  const size = shape.reduce((product, n) => product * n, 1)
  return random.chance(0.9) ? random.pick([[size], [1, size], [size, 1], [...shape, 1]]) : random.shape()
}

const paddings = (random: Random, shape: readonly number[], least: number) =>
  shape.map(() => [random.integer(least, 3), random.integer(least, 3)])

/** Generators of the kernels that reduce, move and make arrays. */
export const arrayCases: Readonly<Record<string, Generator>> = {
  ...Object.fromEntries(['All', 'Any', 'Max', 'Mean', 'Min', 'Sum'].map((name) => [name, reduction])),
  Prod: (random) => {
    const given = reduction(random)
    // Products of many integers overflow, which the cpu backend does in double precision.
    return { ...given, alone: given.alone === true || given.inputs['x']?.dtype === 'int32' }
  },
  ArgMax: argument,
  ArgMin: argument,
  Cumsum: scan,
  Cumprod: scan,
  Softmax: (random) => {
    const shape = random.shape(1)
    return {
      inputs: { logits: random.data(shape, random.dtype()) },
      attrs: { dim: random.chance(0.8) ? shape.length - 1 : random.axis(shape) },
    }
  },
  TopK: (random) => {
    const shape = random.shape(1, 3)
    const k = random.integer(0, (shape.at(-1) ?? 0) + (random.chance(0.1) ? 1 : 0))
    return { inputs: { x: random.data(shape, random.dtype()) }, attrs: { k, sorted: true } }
  },
  Unique: (random) => {
    const shape = random.shape(1, 3)
    return { inputs: { x: random.data(shape, random.dtype()) }, attrs: { axis: random.axis(shape) } }
  },
  Reshape: (random) => {
    const shape = random.shape()
    return { inputs: { x: random.data(shape, random.dtype()) }, attrs: { shape: reshape(random, shape) } }
  },
  ExpandDims: (random) => {
    const shape = random.shape(0, 4)
    return {
      inputs: { input: random.data(shape, random.dtype()) },
      attrs: { dim: random.integer(-shape.length - 1, shape.length) },
    }
  },
  Transpose: (random) => {
    const shape = random.shape()
    return { inputs: { x: random.data(shape, random.dtype()) }, attrs: { perm: random.permutation(shape.length) } }
  },
  Reverse: (random) => {
    const shape = random.shape()
    return { inputs: { x: random.data(shape, random.dtype()) }, attrs: { dims: random.axes(shape) } }
  },
  Slice: (random) => {
    const shape = random.shape(1)
    const begin = shape.map((n) => random.integer(0, n))
    const size = shape.map((n, i) =>
      random.integer(random.chance(0.1) ? -1 : 0, n - begin[i]! + (random.chance(0.03) ? 1 : 0)),
    )
    return { inputs: { x: random.data(shape, random.dtype()) }, attrs: { begin, size } }
  },
  StridedSlice: (random) => {
    const shape = random.shape(1)
    const begin = shape.map((n) => random.integer(-n - 2, n + 2))
    const end = shape.map((n) => random.integer(-n - 2, n + 2))
    const strides = shape.map(() => random.pick([1, 1, 2, 3, -1, -2]))
    const mask = () => (random.chance(0.2) ? random.integer(0, 7) : 0)
    const masks = { beginMask: mask(), endMask: mask(), ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 }
    return { inputs: { x: random.data(shape, random.dtype()) }, attrs: { begin, end, strides, ...masks } }
  },
  Concat: (random) => {
    const shape = random.shape(1)
    const axis = random.integer(0, shape.length - 1)
    const dtype = random.dtype()
    const inputs = list(random.integer(1, 4), () =>
      random.data(
        shape.map((n, i) => (i === axis ? random.size() : n)),
        dtype,
      ),
    )
    return { inputs, attrs: { axis } }
  },
  Pack: (random) => {
    const shape = random.shape(0, 4)
    const dtype = random.dtype()
    return {
      inputs: list(random.integer(1, 4), () => random.data(shape, dtype)),
      attrs: { axis: random.integer(0, shape.length) },
    }
  },
  Unpack: (random) => {
    const shape = random.shape(1)
    return { inputs: { value: random.data(shape, random.dtype()) }, attrs: { axis: random.axis(shape) } }
  },
  SplitV: (random) => {
    const shape = random.shape(1)
    const axis = random.integer(0, shape.length - 1)
    const n = shape[axis]!
    const first = random.integer(0, n)
    const numOrSizeSplits = random.pick<number | number[]>([1, 2, [first, n - first], [first, -1], [first, n]])
    return { inputs: { x: random.data(shape, random.dtype()) }, attrs: { numOrSizeSplits, axis } }
  },
  Tile: (random) => {
    if (random.chance(0.02)) {
      const dtype = random.pick(['float32', 'bool'] as const)
      const reps = [dtype === 'bool' ? 143165538 : 35791398, 1]
      return { inputs: { x: random.data([2, 15], dtype) }, attrs: { reps }, huge: true }
    }
    const shape = random.shape(0, 4)
    return { inputs: { x: random.data(shape, random.dtype()) }, attrs: { reps: shape.map(() => random.integer(0, 3)) } }
  },
  PadV2: (random) => {
    const dtype = random.dtype()
    if (random.chance(0.02)) {
      const inputs = { x: random.data([15], dtype) }
      return { inputs, attrs: { paddings: [[0, dtype === 'bool' ? 2 ** 32 : 2 ** 30]], constantValue: 0 }, huge: true }
    }
    const shape = random.shape(0, 4)
    const constantValue = random.integer(0, 1)
    return {
      inputs: { x: random.data(shape, dtype) },
      attrs: { paddings: paddings(random, shape, random.chance(0.1) ? -3 : 0), constantValue },
    }
  },
  MirrorPad: (random) => {
    const shape = random.shape(1, 4)
    const attrs = {
      paddings: paddings(random, shape, random.chance(0.1) ? -1 : 0),
      mode: random.pick(['reflect', 'symmetric']),
    }
    return { inputs: { x: random.data(shape, random.dtype()) }, attrs }
  },
  SpaceToBatchND: (random) => {
    const blockShape = Array.from({ length: random.integer(1, 2) }, () => random.integer(1, 3))
    const shape = [random.size(4), ...blockShape.map((b) => b * random.integer(0, 3)), ...random.shape(0, 2)]
    const attrs = {
      blockShape,
      paddings: blockShape.map((b) => (random.chance(0.5) ? [0, 0] : [b, random.integer(0, b)])),
    }
    return { inputs: { x: random.data(shape, random.dtype()) }, attrs }
  },
  BatchToSpaceND: (random) => {
    const blockShape = Array.from({ length: random.integer(1, 2) }, () => random.integer(1, 3))
    const batch = blockShape.reduce((product, n) => product * n, 1) * random.integer(0, 2)
    const shape = [batch, ...blockShape.map(() => random.size(5)), ...random.shape(0, 2)]
    const attrs = { blockShape, crops: blockShape.map(() => [random.integer(0, 1), random.integer(0, 1)]) }
    return { inputs: { x: random.data(shape, random.dtype()) }, attrs }
  },
  DepthToSpace: (random) => {
    const blockSize = random.integer(1, 3)
    const dataFormat = random.pick(['NHWC', 'NCHW'])
    const depth = blockSize * blockSize * random.integer(0, 3) + (random.chance(0.05) ? 1 : 0)
    const [batch, height, width] = [random.size(3), random.size(4), random.size(4)]
    const shape = dataFormat === 'NHWC' ? [batch, height, width, depth] : [batch, depth, height, width]
    return {
      inputs: { x: random.data(shape, random.dtype()) },
      attrs: { blockSize, dataFormat },
      alone: dataFormat === 'NCHW',
    }
  },
  Fill: (random) => {
    if (random.chance(0.05))
      return { inputs: {}, attrs: { shape: [1 << 16, (1 << 16) + 1], value: 1, dtype: 'bool' }, huge: true }
    return { inputs: {}, attrs: { shape: random.shape(), value: random.integer(0, 1), dtype: random.dtype() } }
  },
  Range: (random) => {
    if (random.chance(0.05))
      return { inputs: {}, attrs: { start: 0, stop: 2 ** 31, step: 1, dtype: 'float32' }, huge: true }
    const attrs = {
      start: random.integer(-5, 5),
      stop: random.integer(-50, 50),
      step: random.pick([1, -1, 2, 0.5, -3]),
    }
    return { inputs: {}, attrs: { ...attrs, dtype: random.pick(['float32', 'int32']) } }
  },
  LinSpace: (random) => ({
    inputs: {},
    attrs: { start: random.integer(-5, 5), stop: random.integer(-5, 5), num: random.pick([1, 2, 3, 17]) },
  }),
  Diag: (random) => ({ inputs: { x: random.data(random.shape(0, 2), random.dtype()) }, attrs: {} }),
  BroadcastArgs: (random) => {
    const size = random.integer(1, 4)
    const shape = Array.from({ length: size }, () => random.integer(1, 4))
    const s0 = { shape: [size], dtype: 'int32' as const, values: shape }
    const partner = random.partner(shape)
    return { inputs: { s0, s1: { shape: [partner.length], dtype: 'int32', values: partner } }, attrs: {} }
  },
  Einsum: (random) => {
    const [i, j, k] = [random.size(), random.size(), random.size()]
    const [equation, ...shapes] = random.pick<[string, ...number[][]]>([
      ['ij,jk->ik', [i, j], [j, k]],
      ['ij->i', [i, j]],
      ['ij->ji', [i, j]],
      ['bij,bjk->bik', [2, i, j], [2, j, k]],
      ['i,j->ij', [i], [j]],
      ['ij,ij->', [i, j], [i, j]],
    ])
    return {
      inputs: Object.fromEntries(shapes.map((shape, at) => [String(at), random.data(shape)])),
      attrs: { equation },
    }
  },
}
