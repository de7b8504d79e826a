import type { ProtoField, ProtoMessage } from '@heddle/core'
import { constantSize, type Size } from './size.ts'

/** Element types of ONNX that Heddle's tensors have, by name. */
export const elementTypes = { float32: 1, int32: 6, int64: 7, bool: 9 } as const
export type ElementType = keyof typeof elementTypes

/** Attributes of a node: integers, strings, or `{ float }`. */
export type NodeAttributes = Readonly<
  Record<string, number | string | readonly number[] | readonly string[] | { readonly float: number }>
>

/** Collects the nodes and weights of an ONNX graph. */
export class GraphBuilder {
  readonly nodes: ProtoMessage[] = []
  readonly initializers: ProtoMessage[] = []
  /** Bytes of the weights. */
  bytes = 0
  readonly #sizes = new Map<string, string>()
  readonly #axes: ReadonlyMap<string, { readonly input: string; readonly axis: number }>
  #count = 0

  /** @param axes where each size is found: an axis of an input */
  constructor(axes: ReadonlyMap<string, { readonly input: string; readonly axis: number }>) {
    this.#axes = axes
  }

  /** Adds a node with one output; returns the output's name. Inputs that are left out are empty names. */
  node(type: string, inputs: readonly string[], attributes: NodeAttributes = {}): string {
    return this.nodeOf(type, inputs, attributes, 1)[0]!
  }

  nodeOf(type: string, inputs: readonly string[], attributes: NodeAttributes, numOutputs: number): string[] {
    const name = `${type}_${this.#count++}`
    const outputs = Array.from({ length: numOutputs }, (_, i) => (numOutputs === 1 ? name : `${name}_${i}`))
    this.nodes.push([
      ...inputs.map((input): ProtoField => [1, input]),
      ...outputs.map((output): ProtoField => [2, output]),
      [3, name],
      [4, type],
      ...Object.entries(attributes).map(([key, value]): ProtoField => [5, attribute(key, value)]),
    ])
    return outputs
  }

  /** Adds a weight or a constant; returns its name. */
  initializer(
    values: Float32Array | Int32Array | Uint8Array | BigInt64Array,
    shape: readonly number[],
    type: ElementType,
    name = `constant_${this.#count++}`,
  ): string {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    this.bytes += bytes.length
    this.initializers.push([...shape.map((n): ProtoField => [1, n]), [2, elementTypes[type]], [8, name], [9, bytes]])
    return name
  }

  scalar(value: number, type: ElementType = 'float32'): string {
    return this.initializer(type === 'float32' ? Float32Array.of(value) : Int32Array.of(value), [], type)
  }

  integers(values: readonly number[]): string {
    return this.initializer(BigInt64Array.from(values, BigInt), [values.length], 'int64')
  }

  /** A list of numbers that may depend on the sizes of the inputs: int64 [n]. */
  sizes(list: readonly Size[]): string {
    const constants = list.map(constantSize)
    if (constants.every((each) => each !== undefined)) return this.integers(constants as number[])
    const parts = list.map((size) => this.#size(size))
    return parts.length === 1 ? parts[0]! : this.node('Concat', parts, { axis: 0 })
  }

  /** int64 [1] */
  #size(size: Size): string {
    const key = JSON.stringify([...size])
    const known = this.#sizes.get(key)
    if (known !== undefined) return known
    const constant = constantSize(size)
    const name = constant === undefined ? this.#sum(size) : this.integers([constant])
    this.#sizes.set(key, name)
    return name
  }

  #sum(size: Size): string {
    const terms = [...size].map(([term, coefficient]) => {
      if (term === '') return this.#size(new Map([['', coefficient]]))
      const factors = term.split(' ').map((axis) => this.#axis(axis))
      const product = factors.reduce((all, factor) => this.node('Mul', [all, factor]))
      return coefficient === 1 ? product : this.node('Mul', [product, this.integers([coefficient])])
    })
    return terms.reduce((sum, term) => this.node('Add', [sum, term]))
  }

  #axis(name: string): string {
    const key = `axis ${name}`
    const known = this.#sizes.get(key)
    if (known !== undefined) return known
    const { input, axis } = this.#axes.get(name)!
    const made = this.node('Shape', [input], { start: axis, end: axis + 1 })
    this.#sizes.set(key, made)
    return made
  }
}

function attribute(name: string, value: NodeAttributes[string]): ProtoMessage {
  const [FLOAT, INT, STRING, INTS, STRINGS] = [1, 2, 3, 7, 8]
  if (typeof value === 'number')
    return [
      [1, name],
      [3, value],
      [20, INT],
    ]
  if (typeof value === 'string')
    return [
      [1, name],
      [4, value],
      [20, STRING],
    ]
  if ('float' in value)
    return [
      [1, name],
      [2, value],
      [20, FLOAT],
    ]
  if (value.length > 0 && typeof value[0] === 'string')
    return [[1, name], ...(value as readonly string[]).map((each): ProtoField => [9, each]), [20, STRINGS]]
  return [[1, name], ...(value as readonly number[]).map((each): ProtoField => [8, each]), [20, INTS]]
}
