import { encodeProto, HeddleError, type ProtoField, type ProtoMessage } from '@heddle/core'
import { type Module, namedParameters } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { elementTypes, GraphBuilder } from './graph-builder.ts'
import { Operation } from './operation.ts'
import { keptOperators, operators } from './operators.ts'
import { constantSize, type Size, type Sizes, samplesOf, sizeOfSamples } from './size.ts'
import { type Trace, type TracedValue, trace } from './trace.ts'

/** Input of a graph: integers are int64 in the file and int32 in the model. */
export interface GraphInput {
  readonly name: string
  readonly dtype: 'int32' | 'float32'
  /** Size of each axis: a number, or the name of one that may vary. */
  readonly shape: readonly (number | string)[]
  /** A value for a trace (default: float numbers between 0 and 1). */
  value?(index: number, sizes: Sizes): number
}

export interface GraphOptions {
  readonly model: Module
  readonly inputs: readonly GraphInput[]
  /** The two sizes of each axis that may vary, and a third for a check. */
  readonly axes: Readonly<Record<string, readonly [number, number, check: number]>>
  /** Computes the outputs by name. */
  run(inputs: Readonly<Record<string, tf.Tensor>>): Readonly<Record<string, tf.Tensor>>
  readonly name: string
  /** Largest size of an axis for which the model computes numbers outside of its operations, such as those of positions. */
  readonly maxSteps: number
}

export interface BuiltGraph {
  readonly bytes: Uint8Array
  /** Names of the inputs that the outputs depend on; others are not in the graph. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
}

/** Version of ONNX's operators, and of the file format that goes with it. */
const OPSET = 17
const IR_VERSION = 8
/** The largest message that readers of Protocol Buffers take. */
const LARGEST = 2 ** 31 - 1

/**
 * The graph of a forward pass: it is run with several sizes of its inputs, and each number that changes with them becomes a
 * computed one.
 *
 * @throws HeddleError `config` for operations that ONNX lacks, or whose number depends on the sizes, and for more than 2 GiB
 */
export function buildGraph(options: GraphOptions): BuiltGraph {
  const { model, axes, name } = options
  const samples = samplesOf(axes)
  const { traces, inputIds } = traceAll(options, samples)
  const [first] = traces as [Trace, ...Trace[]]
  for (const { operations } of traces) {
    const at = operations.findIndex((each, i) => each.name !== first.operations[i]?.name)
    if (at < 0 && operations.length === first.operations.length) continue
    throw new HeddleError(
      'config',
      `ONNX: expected the same operations for inputs of every size, got others from operation ${at < 0 ? operations.length : at} on (${first.operations[at]?.name ?? 'the end'}): a part of the model runs step by step. Use a cell with a sequence of its own: lstm, gru or rnn.`,
    )
  }

  const read = new Set(first.operations.flatMap((each) => Object.values(each.inputs).map(({ id }) => id)))
  for (const { id } of Object.values(first.outputs)) read.add(id)
  const used = options.inputs.filter((_, i) => read.has(inputIds[0]![i]!))
  const places = new Map(
    used.flatMap(({ name: input, shape }) =>
      shape.flatMap((size, axis) => (typeof size === 'string' ? [[size, { input, axis }] as const] : [])).reverse(),
    ),
  )
  const graph = new GraphBuilder(places)
  const names = new Map<number, string>()
  options.inputs.forEach(({ name: input, dtype }, i) => {
    const id = inputIds[0]![i]!
    if (!read.has(id)) return
    names.set(id, dtype === 'int32' ? graph.node('Cast', [input], { to: elementTypes.int32 }) : input)
  })
  const parameters = new Map(namedParameters(model).map(([path, { value }]) => [value.id, { path, value }]))
  const valuesOf = ({ id }: TracedValue) => parameters.get(id)?.value.dataSync() as Float32Array | undefined
  let long: Trace | undefined
  const longest = () => {
    const sizes = Object.keys(axes).map((axis) => [axis, axis === 'batch' ? axes[axis]![0] : options.maxSteps])
    long ??= traceAll(options, [Object.fromEntries(sizes)]).traces[0]!
    return long
  }
  /** @param find the value in a trace */
  const nameOf = (find: (trace: Trace) => TracedValue): string => {
    const values = traces.map(find)
    const { id, shape } = values[0]!
    const known = names.get(id)
    if (known !== undefined) return known
    const parameter = parameters.get(id)
    const made =
      parameter === undefined
        ? constant(graph, values, traces, samples, () => longest().constants.get(find(longest()).id)!)
        : graph.initializer(parameter.value.dataSync() as Float32Array, shape, 'float32', parameter.path)
    names.set(id, made)
    return made
  }
  first.operations.forEach(({ name: type, outputs }, i) => {
    const traced = traces.map(({ operations }) => operations[i]!)
    const operation = new Operation(
      graph,
      traced,
      samples,
      (key) => nameOf(({ operations }) => operations[i]!.inputs[key]!),
      valuesOf,
    )
    const translate = operators[type]
    if (translate === undefined) operation.fail('Heddle has no translation of it')
    const made = translate!(operation)
    for (const [j, { id }] of outputs.entries()) names.set(id, made[j]!)
  })

  const outputs = Object.keys(first.outputs)
  const results = outputs.map((output): { message: ProtoMessage } => {
    const values = traces.map((each) => each.outputs[output]!)
    const type = values[0]!.dtype as 'float32' | 'int32' | 'bool'
    const shape = values[0]!.shape.map(
      (_, axis) =>
        sizeOfSamples(
          values.map((each) => each.shape[axis]!),
          samples,
        )!,
    )
    graph.nodes.push([
      [1, nameOf((each) => each.outputs[output]!)],
      [2, output],
      [4, 'Identity'],
    ])
    return { message: valueInfo(output, type, shape) }
  })
  if (graph.bytes > LARGEST) {
    throw new HeddleError(
      'config',
      `ONNX: expected weights of at most 2 GiB, which is what one file can hold, got ${(graph.bytes / 2 ** 30).toFixed(1)} GiB.`,
    )
  }
  const inputs = used.map(({ name: input, dtype, shape }) =>
    valueInfo(
      input,
      dtype === 'int32' ? 'int64' : 'float32',
      shape.map((size) => new Map([typeof size === 'string' ? [size, 1] : ['', size]])),
    ),
  )
  const content: ProtoMessage = [
    ...graph.nodes.map((node): ProtoField => [1, node]),
    [2, name],
    ...graph.initializers.map((each): ProtoField => [5, each]),
    ...inputs.map((each): ProtoField => [11, each]),
    ...results.map(({ message }): ProtoField => [12, message]),
  ]
  const bytes = encodeProto([
    [1, IR_VERSION],
    [2, 'heddle'],
    [7, content],
    [
      8,
      [
        [1, ''],
        [2, OPSET],
      ],
    ],
  ])
  return { bytes, inputs: used.map(({ name: input }) => input), outputs }
}

/** Runs the forward pass once for each sample. */
function traceAll({ model, inputs, run }: GraphOptions, samples: readonly Sizes[]) {
  const traces: Trace[] = []
  const inputIds: number[][] = []
  const weights = namedParameters(model).map(([, { value }]) => value)
  for (const sizes of samples) {
    const tensors = inputs.map(({ name, dtype, shape, value }) => {
      const full = shape.map((size) => (typeof size === 'string' ? sizes[size]! : size))
      const count = full.reduce((product, n) => product * n, 1)
      const values = Array.from({ length: count }, (_, i) => value?.(i, sizes) ?? ((i * 37) % 101) / 101)
      return [name, tf.tensor(values, full, dtype)] as const
    })
    const given = Object.fromEntries(tensors)
    try {
      inputIds.push(tensors.map(([, { id }]) => id))
      traces.push(trace([...Object.values(given), ...weights], keptOperators, () => run(given)))
    } finally {
      tf.dispose(Object.values(given))
    }
  }
  return { traces, inputIds }
}

/**
 * Numbers that the code computed: the same in all traces, all alike, evenly spaced, a single one that depends on the sizes, or
 * the first rows of a table.
 *
 * @param longest the numbers for the largest inputs
 */
function constant(
  graph: GraphBuilder,
  values: readonly TracedValue[],
  traces: readonly Trace[],
  samples: readonly Sizes[],
  longest: () => Float32Array | Int32Array | Uint8Array,
): string {
  const numbers = values.map(({ id }, i) => traces[i]!.constants.get(id)!)
  const { dtype, shape } = values[0]!
  const type = dtype as 'float32' | 'int32' | 'bool'
  const array = (list: Iterable<number>) =>
    type === 'float32' ? Float32Array.from(list) : type === 'int32' ? Int32Array.from(list) : Uint8Array.from(list)
  const isSame = numbers.every(
    (each, i) =>
      each.length === numbers[0]!.length &&
      `${values[i]!.shape}` === `${shape}` &&
      each.every((x, j) => x === numbers[0]![j]),
  )
  if (isSame) return graph.initializer(array(numbers[0]!), shape, type)
  const shapes = shape.map((_, axis) =>
    sizeOfSamples(
      values.map((each) => each.shape[axis]!),
      samples,
    ),
  )
  const [start] = numbers[0]!
  if (shapes.every((size) => size !== undefined) && numbers.every((each) => each.every((x) => x === start))) {
    return graph.node('Expand', [graph.initializer(array([start!]), [], type), graph.sizes(shapes as Size[])])
  }
  const single =
    shape.length === 0
      ? sizeOfSamples(
          numbers.map(([x]) => x!),
          samples,
        )
      : undefined
  if (single !== undefined) {
    const scalar = graph.node('Squeeze', [graph.sizes([single]), graph.integers([0])])
    return graph.node('Cast', [scalar], { to: elementTypes[type] })
  }
  const step = numbers[0]![1]! - start!
  const isEven = (each: ArrayLike<number>) => Array.from(each).every((x, i) => x === start! + i * step)
  // Short lists may be evenly spaced where long ones are not.
  if (shape.length === 1 && shapes[0] !== undefined && numbers.every(isEven) && isEven(longest())) {
    const count = graph.node('Squeeze', [graph.sizes([shapes[0]]), graph.integers([0])])
    const zero = graph.initializer(BigInt64Array.of(0n), [], 'int64')
    const one = graph.initializer(BigInt64Array.of(1n), [], 'int64')
    const places = graph.node('Cast', [graph.node('Range', [zero, count, one])], { to: elementTypes[type] })
    const scaled = graph.node('Mul', [places, graph.initializer(array([step]), [], type)])
    return graph.node('Add', [scaled, graph.initializer(array([start!]), [], type)])
  }
  const rows = shapes[0]
  const width = shape.slice(1).reduce((product, n) => product * n, 1)
  const hasRows = rows !== undefined && shapes.slice(1).every((size) => size && constantSize(size) !== undefined)
  if (hasRows && constantSize(rows) === undefined) {
    const table = longest()
    if (numbers.every((each) => each.every((x, j) => x === table[j]))) {
      const name = graph.initializer(array(table), [table.length / width, ...shape.slice(1)], type)
      return graph.node('Slice', [name, graph.integers([0]), graph.sizes([rows]), graph.integers([0])])
    }
  }
  throw new HeddleError(
    'config',
    `ONNX: expected constants, got numbers [${shape}] that the model computes from the sizes of its inputs outside of its operations. The model cannot be exported as it is.`,
  )
}

function valueInfo(name: string, type: keyof typeof elementTypes, shape: readonly Size[]): ProtoMessage {
  const dimensions = shape.map((size): ProtoField => {
    const constant = constantSize(size)
    return [1, constant === undefined ? [[2, labelOf(size)]] : [[1, constant]]]
  })
  return [
    [1, name],
    [
      2,
      [
        [
          1,
          [
            [1, elementTypes[type]],
            [2, dimensions],
          ],
        ],
      ],
    ],
  ]
}

/** The name of a size for readers: `time`, or `4*batch*time+1`. */
const labelOf = (size: Size): string =>
  [...size]
    .map(([term, coefficient]) =>
      term === '' ? `${coefficient}` : `${coefficient === 1 ? '' : `${coefficient}*`}${term.replaceAll(' ', '*')}`,
    )
    .join('+')
