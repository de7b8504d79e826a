import { HeddleError } from '@heddle/core'
import type { GraphBuilder } from './graph-builder.ts'
import { constantSize, type Size, type Sizes, sizeOfSamples } from './size.ts'
import type { TracedOperation, TracedValue } from './trace.ts'

/** An operation of a model, as all of its traces show it. */
export class Operation {
  readonly graph: GraphBuilder
  readonly #traced: readonly TracedOperation[]
  readonly #samples: readonly Sizes[]
  readonly #nameOf: (key: string) => string
  readonly #valuesOf: (value: TracedValue) => Float32Array | undefined

  /**
   * @param traced the operation in each trace
   * @param nameOf name of an input in the graph
   * @param valuesOf numbers of a value that is a weight
   */
  constructor(
    graph: GraphBuilder,
    traced: readonly TracedOperation[],
    samples: readonly Sizes[],
    nameOf: (key: string) => string,
    valuesOf: (value: TracedValue) => Float32Array | undefined,
  ) {
    this.graph = graph
    this.#traced = traced
    this.#samples = samples
    this.#nameOf = nameOf
    this.#valuesOf = valuesOf
  }

  get name(): string {
    return this.#traced[0]!.name
  }

  get inputKeys(): readonly string[] {
    return Object.keys(this.#traced[0]!.inputs)
  }

  get numOutputs(): number {
    return this.#traced[0]!.outputs.length
  }

  has(key: string): boolean {
    return this.#traced[0]!.inputs[key] !== undefined
  }

  /** Name of an input in the graph. */
  input(key: string): string {
    return this.#nameOf(key)
  }

  rankOf(key: string): number {
    return this.#traced[0]!.inputs[key]!.shape.length
  }

  inputShape(key: string): readonly Size[] {
    return this.#shape((operation) => operation.inputs[key]!)
  }

  outputShape(i = 0): readonly Size[] {
    return this.#shape((operation) => operation.outputs[i]!)
  }

  outputType(i = 0): 'float32' | 'int32' | 'bool' {
    return this.#traced[0]!.outputs[i]!.dtype as 'float32'
  }

  /** An attribute that is the same in all traces. */
  attribute<T = number>(key: string): T {
    const values = this.#traced.map(({ attributes }) => attributes[key])
    if (values.every((value) => JSON.stringify(value) === JSON.stringify(values[0]))) return values[0] as T
    return this.fail(`attribute '${key}' depends on the sizes of the inputs`)
  }

  /** A number or a list of numbers that may depend on the sizes. */
  sizes(key: string): readonly Size[] {
    const lists = this.#traced.map(({ attributes }) => {
      const value = attributes[key]
      return (Array.isArray(value) ? value : [value]) as number[]
    })
    return lists[0]!.map((_, i) => this.#size(lists.map((list) => list[i]!)))
  }

  /** The numbers of an input that is a weight. @throws HeddleError `config` for another input */
  weight(key: string): Float32Array {
    return this.#valuesOf(this.#traced[0]!.inputs[key]!) ?? this.fail(`'${key}' is no weight`)
  }

  fail(reason: string): never {
    throw new HeddleError(
      'config',
      `ONNX: expected operations that a graph of ONNX can hold, got ${this.name}: ${reason}. The model cannot be exported as it is.`,
    )
  }

  #shape(valueIn: (operation: TracedOperation) => TracedValue): readonly Size[] {
    const shapes = this.#traced.map((operation) => valueIn(operation).shape)
    return shapes[0]!.map((_, axis) => this.#size(shapes.map((shape) => shape[axis]!)))
  }

  #size(values: readonly number[]): Size {
    return sizeOfSamples(values, this.#samples) ?? this.fail(`a size is no product of those of the inputs (${values})`)
  }
}

/** Whether two numbers depend on the sizes in the same way. */
const sameSize = (a: Size, b: Size): boolean =>
  a.size === b.size && [...a].every(([term, coefficient]) => b.get(term) === coefficient)

/** The list with constants, 0 for an axis that is copied from `from`, and -1 for one that is left; undefined for more of them. */
export function reshapePattern(to: readonly Size[], from: readonly Size[]): number[] | undefined {
  const pattern = to.map((size, axis) => constantSize(size) ?? (from[axis] && sameSize(size, from[axis]) ? 0 : -1))
  return pattern.filter((n) => n === -1).length <= 1 && !to.some((size) => constantSize(size) === 0)
    ? pattern
    : undefined
}
