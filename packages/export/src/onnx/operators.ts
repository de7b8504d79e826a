import { elementTypes, type NodeAttributes } from './graph-builder.ts'
import { type Operation, reshapePattern } from './operation.ts'
import { recurrentOperators } from './recurrent-operators.ts'
import { constantSize, type Size } from './size.ts'

/** Adds the nodes of an operation; returns the names of its outputs. */
export type Translator = (operation: Operation) => readonly string[]

const unary =
  (type: string): Translator =>
  (op) => [op.graph.node(type, [op.input('x')])]

const binary =
  (type: string): Translator =>
  (op) => [op.graph.node(type, [op.input('a'), op.input('b')])]

const asAxes = (axis: number | readonly number[] | null | undefined, rank: number): number[] =>
  axis === null || axis === undefined
    ? Array.from({ length: rank }, (_, i) => i)
    : (Array.isArray(axis) ? [...axis] : [axis as number]).map((each) => (each < 0 ? each + rank : each))

/** A reduction. ReduceSum takes its axes as an input, the others as an attribute. */
const reduction =
  (type: string, key: string): Translator =>
  (op) => {
    const axes = asAxes(op.attribute<number | number[] | null>(key), op.rankOf('x'))
    const keepdims = op.attribute<boolean | undefined>('keepDims') === true ? 1 : 0
    return type === 'ReduceSum'
      ? [op.graph.node(type, [op.input('x'), op.graph.integers(axes)], { keepdims })]
      : [op.graph.node(type, [op.input('x')], { keepdims, axes })]
  }

const reshape: Translator = (op) => {
  const to = op.outputShape()
  const pattern = reshapePattern(to, op.inputShape(op.inputKeys[0]!))
  const shape = pattern === undefined ? op.graph.sizes(to) : op.graph.integers(pattern)
  return [op.graph.node('Reshape', [op.input(op.inputKeys[0]!), shape])]
}

const matMul: Translator = (op) => {
  const side = (key: 'a' | 'b', isTransposed: boolean) => {
    if (!isTransposed) return op.input(key)
    const rank = op.rankOf(key)
    const perm = Array.from({ length: rank }, (_, i) => (i < rank - 2 ? i : 2 * rank - 3 - i))
    return op.graph.node('Transpose', [op.input(key)], { perm })
  }
  const activation = op.attribute<string | undefined>('activation') ?? 'linear'
  if (activation !== 'linear') op.fail(`activation '${activation}'`)
  const product = op.graph.node('MatMul', [
    side('a', op.attribute<boolean>('transposeA')),
    side('b', op.attribute<boolean>('transposeB')),
  ])
  return [op.has('bias') ? op.graph.node('Add', [product, op.input('bias')]) : product]
}

const scalarSize = (op: Operation, size: Size): string => {
  const { graph } = op
  return graph.node('Cast', [graph.node('Squeeze', [graph.sizes([size]), graph.integers([0])])], {
    to: elementTypes[op.outputType()],
  })
}

const filled = (op: Operation, value: number): readonly string[] => {
  const type = op.outputType()
  const number = type === 'bool' ? op.graph.initializer(Uint8Array.of(value), [], 'bool') : op.graph.scalar(value, type)
  return [op.graph.node('Expand', [number, op.graph.sizes(op.outputShape())])]
}

/** Pads of a convolution or pooling with a number of rows and columns on every side. */
function windowAttributes(op: Operation): NodeAttributes {
  const pad = op.attribute<number | string>('pad')
  if (typeof pad !== 'number' && pad !== 'valid') op.fail(`padding '${pad}'`)
  const n = typeof pad === 'number' ? pad : 0
  return { pads: [n, n, n, n], strides: pair(op.attribute('strides')) }
}

const pair = (value: number | readonly number[]): readonly number[] =>
  typeof value === 'number' ? [value, value] : value

const TO_CHANNELS_FIRST = { perm: [0, 3, 1, 2] }
const TO_CHANNELS_LAST = { perm: [0, 2, 3, 1] }

/** Operations of tfjs and fused ops of Heddle by name. */
export const operators: Readonly<Record<string, Translator>> = {
  ...Object.fromEntries(
    'Tanh Sigmoid Relu Exp Log Neg Sqrt Abs Erf Floor Ceil Sin Cos Softplus Reciprocal Sign'
      .split(' ')
      .map((name) => [name, unary(name)]),
  ),
  LogicalNot: unary('Not'),
  Square: (op) => [op.graph.node('Mul', [op.input('x'), op.input('x')])],
  Rsqrt: (op) => [op.graph.node('Reciprocal', [op.graph.node('Sqrt', [op.input('x')])])],
  Add: binary('Add'),
  Sub: binary('Sub'),
  Multiply: binary('Mul'),
  RealDiv: binary('Div'),
  Maximum: binary('Max'),
  Minimum: binary('Min'),
  Pow: binary('Pow'),
  Mod: binary('Mod'),
  Less: binary('Less'),
  LessEqual: binary('LessOrEqual'),
  Greater: binary('Greater'),
  GreaterEqual: binary('GreaterOrEqual'),
  Equal: binary('Equal'),
  NotEqual: (op) => [op.graph.node('Not', binary('Equal')(op))],
  LogicalAnd: binary('And'),
  LogicalOr: binary('Or'),
  SquaredDifference: (op) => {
    const difference = op.graph.node('Sub', [op.input('a'), op.input('b')])
    return [op.graph.node('Mul', [difference, difference])]
  },
  AddN: (op) => [
    op.graph.node(
      'Sum',
      op.inputKeys.map((key) => op.input(key)),
    ),
  ],
  Select: (op) => [op.graph.node('Where', [op.input('condition'), op.input('t'), op.input('e')])],
  ClipByValue: (op) => {
    const [least, most] = [op.attribute('clipValueMin'), op.attribute('clipValueMax')]
    return [op.graph.node('Clip', [op.input('x'), op.graph.scalar(least), op.graph.scalar(most)])]
  },
  Sum: reduction('ReduceSum', 'axis'),
  Mean: reduction('ReduceMean', 'axis'),
  Max: reduction('ReduceMax', 'reductionIndices'),
  Min: reduction('ReduceMin', 'axis'),
  Softmax: (op) => [op.graph.node('Softmax', [op.input('logits')], { axis: op.attribute('dim') })],
  Cumsum: (op) => [
    op.graph.node('CumSum', [op.input('x'), op.graph.scalar(op.attribute('axis'), 'int32')], {
      exclusive: op.attribute<boolean>('exclusive') ? 1 : 0,
      reverse: op.attribute<boolean>('reverse') ? 1 : 0,
    }),
  ],
  BatchMatMul: matMul,
  _FusedMatMul: matMul,
  Identity: (op) => [op.input('x')],
  Cast: (op) => [op.graph.node('Cast', [op.input('x')], { to: elementTypes[op.outputType()] })],
  Reshape: reshape,
  ExpandDims: reshape,
  Squeeze: reshape,
  Transpose: (op) => [op.graph.node('Transpose', [op.input('x')], { perm: op.attribute<number[]>('perm') })],
  Concat: (op) => {
    const inputs = op.inputKeys.filter((key) => !op.inputShape(key).some((size) => constantSize(size) === 0))
    return [
      op.graph.node(
        'Concat',
        inputs.map((key) => op.input(key)),
        { axis: op.attribute('axis') },
      ),
    ]
  },
  Pack: (op) => {
    const axis = op.attribute('axis')
    const parts = op.inputKeys.map((key) => op.graph.node('Unsqueeze', [op.input(key), op.graph.integers([axis])]))
    return [op.graph.node('Concat', parts, { axis })]
  },
  SplitV: (op) => {
    const axis = asAxes(op.attribute('axis'), op.rankOf('x'))[0]!
    const sizes = Array.from({ length: op.numOutputs }, (_, i) => op.outputShape(i)[axis]!)
    return op.graph.nodeOf('Split', [op.input('x'), op.graph.sizes(sizes)], { axis }, op.numOutputs)
  },
  Unpack: (op) => {
    const axis = asAxes(op.attribute('axis'), op.rankOf('value'))[0]!
    const sizes = op.graph.integers(Array.from({ length: op.numOutputs }, () => 1))
    const parts = op.graph.nodeOf('Split', [op.input('value'), sizes], { axis }, op.numOutputs)
    return parts.map((part) => op.graph.node('Squeeze', [part, op.graph.integers([axis])]))
  },
  Slice: (op) => {
    const shape = op.outputShape()
    const given = op.sizes('begin')
    const begin = shape.map((_, axis): Size => given[axis] ?? new Map([['', 0]]))
    const end = shape.map((size, axis) => sum(size, begin[axis]!))
    const axes = op.graph.integers(shape.map((_, axis) => axis))
    return [op.graph.node('Slice', [op.input('x'), op.graph.sizes(begin), op.graph.sizes(end), axes])]
  },
  GatherV2: (op) => {
    if ((op.attribute<number | undefined>('batchDims') ?? 0) !== 0) op.fail('batchDims')
    return [op.graph.node('Gather', [op.input('x'), op.input('indices')], { axis: op.attribute('axis') })]
  },
  Reverse: (op) => {
    const axes = asAxes(op.attribute('dims'), op.rankOf('x'))
    const all = (value: number) => op.graph.integers(axes.map(() => value))
    // From the last to before the first: an end far below it, as -1 is the last.
    return [op.graph.node('Slice', [op.input('x'), all(-1), all(-(2 ** 31)), op.graph.integers(axes), all(-1)])]
  },
  Tile: (op) => [op.graph.node('Tile', [op.input('x'), op.graph.sizes(op.sizes('reps'))])],
  PadV2: (op) => {
    const pads = op.attribute<[number, number][]>('paddings')
    const list = op.graph.integers([...pads.map(([before]) => before), ...pads.map(([, after]) => after)])
    const value = op.graph.scalar(op.attribute('constantValue'), op.outputType())
    return [op.graph.node('Pad', [op.input('x'), list, value])]
  },
  Fill: (op) => filled(op, op.attribute('value')),
  ZerosLike: (op) => filled(op, 0),
  OnesLike: (op) => filled(op, 1),
  Range: (op) => {
    const ends = (['start', 'stop', 'step'] as const).map((key) => scalarSize(op, op.sizes(key)[0]!))
    return [op.graph.node('Range', ends)]
  },
  Conv2D: (op) => {
    const x = op.graph.node('Transpose', [op.input('x')], TO_CHANNELS_FIRST)
    const filter = op.graph.node('Transpose', [op.input('filter')], { perm: [3, 2, 0, 1] })
    const y = op.graph.node('Conv', [x, filter], {
      ...windowAttributes(op),
      dilations: pair(op.attribute('dilations')),
    })
    return [op.graph.node('Transpose', [y], TO_CHANNELS_LAST)]
  },
  MaxPool: (op) => {
    const x = op.graph.node('Transpose', [op.input('x')], TO_CHANNELS_FIRST)
    const kernel_shape = pair(op.attribute('filterSize'))
    const y = op.graph.node('MaxPool', [x], { ...windowAttributes(op), kernel_shape })
    return [op.graph.node('Transpose', [y], TO_CHANNELS_LAST)]
  },
  HeddleLinear: (op) => {
    const product = op.graph.node('MatMul', [op.input('x'), op.input('weight')])
    return [op.has('bias') ? op.graph.node('Add', [product, op.input('bias')]) : product]
  },
  HeddleEmbedding: (op) => [op.graph.node('Gather', [op.input('table'), op.input('ids')], { axis: 0 })],
  HeddleLayerNorm: (op) => [
    op.graph.node('LayerNormalization', [op.input('x'), op.input('weight'), op.input('bias')], {
      axis: -1,
      epsilon: { float: op.attribute('epsilon') },
    }),
  ],
  // In the order in which onnxruntime recognizes it as one operation.
  HeddleGelu: (op) => {
    const { graph } = op
    const erf = graph.node('Erf', [graph.node('Div', [op.input('x'), graph.scalar(Math.SQRT2)])])
    const product = graph.node('Mul', [op.input('x'), graph.node('Add', [erf, graph.scalar(1)])])
    return [graph.node('Mul', [product, graph.scalar(0.5)])]
  },
  ...recurrentOperators,
}

/** Fused ops that stay one operation in a trace. */
export const keptOperators: ReadonlySet<string> = new Set(
  Object.keys(operators).filter((name) => name.startsWith('Heddle')),
)

function sum(a: Size, b: Size): Size {
  const result = new Map(a)
  for (const [term, coefficient] of b) result.set(term, (result.get(term) ?? 0) + coefficient)
  for (const [term, coefficient] of result) if (coefficient === 0 && result.size > 1) result.delete(term)
  return result
}
