import type { Generator } from './elementwise-cases.ts'
import type { Data, Random } from './random.ts'

const count = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1)

/** Shape, indices and updates of a scatter. */
function scatter(random: Random) {
  const shape = random.shape(1, 4)
  const depth = random.integer(1, shape.length)
  const updates = random.size(8)
  const columns = shape.slice(0, depth).map((n) => random.indices([updates], n).values)
  const indices: Data = {
    shape: [updates, depth],
    dtype: 'int32',
    values: Array.from({ length: updates * depth }, (_, i) => columns[i % depth]![Math.floor(i / depth)]!),
  }
  return { shape, indices, updateShape: [updates, ...shape.slice(depth)] }
}

const boxes = (random: Random, n: number, special: boolean): Data => ({
  shape: [n, 4],
  dtype: 'float32',
  values: Array.from({ length: 4 * n }, () =>
    special && random.chance(0.1)
      ? random.pick([Number.NaN, Number.POSITIVE_INFINITY, -1e38, 1e38])
      : random.integer(-2, 12) / 10,
  ),
})

const suppression: Generator = (random) => {
  const n = random.size()
  const attrs = {
    maxOutputSize: random.integer(0, n + 2),
    iouThreshold: random.pick([0, 0.3, 0.5, 1]),
    scoreThreshold: random.pick([-1, 0, 0.5]),
  }
  const more = { softNmsSigma: random.pick([0, 0.5]), padToMaxOutputSize: random.chance(0.5) }
  const scores = random.data([random.chance(0.95) ? n : n + 1], 'float32', random.chance(0.1))
  return { inputs: { boxes: boxes(random, n, random.chance(0.1)), scores }, attrs: { ...attrs, ...more } }
}

const bincount: Generator = (random) => {
  const x = random.indices([random.size()], 6)
  const weights = random.chance(0.5) ? random.data([0]) : random.data(x.shape)
  return { inputs: { x, weights }, attrs: { size: random.integer(0, 8), binaryOutput: random.chance(0.3) } }
}

const segments: Generator = (random) => {
  const shape = random.shape(1, 3)
  const n = random.size(8)
  let segment = 0
  const ids = Array.from({ length: n }, () => (segment += random.integer(0, 2)))
  if (n > 0 && random.chance(0.1)) ids[random.integer(0, n - 1)] = random.pick([-1, 0, 3000, 2 ** 31 - 1])
  const length = random.chance(0.97) ? n : n + 1
  const segmentIds: Data = { shape: [length], dtype: 'int32', values: [...ids, segment].slice(0, length) }
  return { inputs: { data: random.data(shape), indices: random.indices([n], shape[0]!), segmentIds }, attrs: {} }
}

/** Generators of the kernels that read indices, counts or coordinates from tensors. */
export const indexCases: Readonly<Record<string, Generator>> = {
  GatherV2: (random) => {
    const shape = random.shape(1, 4)
    const axis = random.integer(0, shape.length - 1)
    return {
      inputs: { x: random.data(shape, random.dtype()), indices: random.indices(random.shape(0, 2), shape[axis]!) },
      attrs: { axis, batchDims: 0 },
    }
  },
  GatherNd: (random) => {
    const { shape, indices } = scatter(random)
    return { inputs: { params: random.data(shape, random.dtype()), indices }, attrs: {} }
  },
  ScatterNd: (random) => {
    const { shape, indices, updateShape } = scatter(random)
    if (random.chance(0.02))
      return {
        inputs: { indices: { ...indices, shape: [1, 1], values: [0] }, updates: random.data([1]) },
        attrs: { shape: [2 ** 30 + 1] },
        huge: true,
      }
    const updates = random.data(updateShape, random.dtype())
    // The cpu backend counts booleans.
    return { inputs: { indices, updates }, attrs: { shape }, alone: updates.dtype === 'bool' }
  },
  TensorScatterUpdate: (random) => {
    const { shape, indices, updateShape } = scatter(random)
    const dtype = random.dtype()
    return {
      inputs: { tensor: random.data(shape, dtype), indices, updates: random.data(updateShape, dtype) },
      attrs: {},
    }
  },
  SparseToDense: (random) => {
    const shape = random.shape(1, 3)
    const n = random.size(8)
    const columns = shape.map((size) => random.indices([n], size).values)
    const rank = shape.length
    const values = Array.from({ length: n * rank }, (_, i) => columns[i % rank]![Math.floor(i / rank)]!)
    const dtype = random.pick(['float32', 'int32', 'bool'] as const)
    const sparseIndices: Data = { shape: rank === 1 && random.chance(0.3) ? [n] : [n, rank], dtype: 'int32', values }
    const sparseValues = random.data(random.chance(0.8) ? [n] : [], dtype)
    return {
      inputs: { sparseIndices, sparseValues, defaultValue: random.data([], dtype) },
      attrs: { outputShape: shape },
    }
  },
  UnsortedSegmentSum: (random) => {
    const shape = random.shape(1, 3)
    const numSegments = random.integer(1, 6)
    const x = random.data(shape, random.pick(['float32', 'int32']))
    // The cpu backend makes floats of integers.
    const alone = x.dtype === 'int32'
    return { inputs: { x, segmentIds: random.indices([shape[0]!], numSegments) }, attrs: { numSegments }, alone }
  },
  OneHot: (random) => {
    if (random.chance(0.03))
      return {
        inputs: { indices: random.indices([5], 3) },
        attrs: { depth: 2 ** 30, onValue: 1, offValue: 0, dtype: 'float32' },
        huge: true,
      }
    const depth = random.integer(1, 9)
    return {
      inputs: { indices: random.indices(random.shape(0, 3), depth) },
      attrs: { depth, onValue: 1, offValue: 0, dtype: random.pick(['float32', 'int32', 'bool']) },
    }
  },
  Bincount: bincount,
  DenseBincount: (random) => {
    if (random.chance(0.5)) return bincount(random)
    const x = random.indices([random.size(5), random.size(5)], 6)
    return {
      inputs: { x, weights: random.chance(0.5) ? random.data([0]) : random.data(x.shape) },
      attrs: { size: random.integer(0, 8), binaryOutput: random.chance(0.3) },
    }
  },
  SearchSorted: (random) => {
    const [batch, n, m] = [random.size(4), random.size(), random.size()]
    const dtype = random.pick(['float32', 'int32'] as const)
    const sorted = random.data([batch, n], dtype)
    const rows = Array.from({ length: batch }, (_, b) =>
      [...sorted.values.slice(b * n, (b + 1) * n)].sort((a, c) => a - c),
    ).flat()
    const values = random.data([random.chance(0.95) ? batch : batch + 1, m], dtype)
    return {
      inputs: { sortedSequence: { ...sorted, values: rows }, values },
      attrs: { side: random.pick(['left', 'right']) },
    }
  },
  Multinomial: (random) => {
    const [batch, events] = [random.size(4), random.size()]
    const logits = random.data([batch, events], 'float32', random.chance(0.1))
    if (random.chance(0.03))
      return {
        inputs: { logits: random.data([2, 3]) },
        attrs: { numSamples: 2 ** 29 + 1, seed: 1, normalized: false },
        huge: true,
      }
    return {
      inputs: { logits },
      attrs: { numSamples: random.integer(0, 9), seed: random.integer(0, 99), normalized: random.chance(0.3) },
    }
  },
  NonMaxSuppressionV3: suppression,
  NonMaxSuppressionV4: suppression,
  NonMaxSuppressionV5: suppression,
  SparseFillEmptyRows: (random) => {
    const [n, rows] = [random.size(8), random.integer(random.chance(0.1) ? -1 : 0, 6)]
    const rank = random.integer(1, 2)
    const indices = random.indices([n, rank], Math.max(1, rows))
    const values = random.data([random.chance(0.95) ? n : n + 1])
    const denseShape: Data = { shape: [rank], dtype: 'int32', values: [rows, 4].slice(0, rank) }
    return { inputs: { indices, values, denseShape, defaultValue: random.data([]) }, attrs: {} }
  },
  SparseReshape: (random) => {
    const shape = random.shape(1, 3)
    const n = random.size(6)
    const columns = shape.map((size) => random.indices([n], size).values)
    const values = Array.from(
      { length: n * shape.length },
      (_, i) => columns[i % shape.length]![Math.floor(i / shape.length)]!,
    )
    const target = random.pick([[count(shape)], [-1], [count(shape), 1], [1, -1], [-1, -1], [7, -1], [0, -1], [3]])
    return {
      inputs: {
        inputIndices: { shape: [n, shape.length], dtype: 'int32', values },
        inputShape: { shape: [shape.length], dtype: 'int32', values: shape },
        newShape: { shape: [target.length], dtype: 'int32', values: target },
      },
      attrs: {},
    }
  },
  SparseSegmentMean: segments,
  SparseSegmentSum: segments,
  HeddleEmbedding: (random) => {
    const [V, D] = [random.size(), random.size()]
    return {
      inputs: { ids: random.indices(random.shape(0, 2), V), table: random.data([V, D]) },
      attrs: { paddingIndex: -1 },
    }
  },
  HeddleEmbeddingGradient: (random) => {
    const [V, D, n] = [random.size(), random.size(), random.size()]
    return {
      inputs: { ids: random.indices([n], V), dy: random.data([n, D]) },
      attrs: { shape: [V, D], paddingIndex: random.integer(-1, V - 1) },
    }
  },
  HeddleCrossEntropy: (random) => {
    const [N, C] = [random.size(), random.size()]
    const attrs = {
      ignoreIndex: random.pick([-100, 0]),
      labelSmoothing: random.pick([0, 0.1]),
      reduction: random.pick(['mean', 'sum']),
    }
    return {
      inputs: { logits: random.data([N, C], 'float32', random.chance(0.2)), labels: random.indices([N], C) },
      attrs,
    }
  },
}
