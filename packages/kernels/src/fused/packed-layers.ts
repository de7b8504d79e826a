import type { TensorInfo } from '@tensorflow/tfjs-core'
import { KernelError } from '../errors.ts'
import { type Heap, sizeOf } from '../heap.ts'
import { checkTensor } from './check.ts'
import { versionOf } from './versions.ts'
import { shareAs } from './workspace.ts'

// D hidden size, N heads, G key-value heads, K size of a head, F size of the inner layer, V vocabulary

/** A norm: LayerNorm where it is centered, else RMSNorm. */
interface NormWeights {
  readonly centered: boolean
  readonly epsilon: number
  readonly weight: TensorInfo
  readonly bias?: TensorInfo | undefined
}

/** A linear map: weight [inputs, outputs]. */
interface MapWeights {
  readonly weight: TensorInfo
  readonly bias?: TensorInfo | undefined
}

/** The weights of a layer. */
export interface LayerWeights {
  readonly attention: {
    readonly norm: NormWeights
    readonly query: MapWeights
    readonly key: MapWeights
    readonly value: MapWeights
    readonly output: MapWeights
    readonly queryNorm?: NormWeights | undefined
    readonly keyNorm?: NormWeights | undefined
  }
  /** Attention over a source, whose keys and values are given. */
  readonly source?: {
    readonly norm: NormWeights
    readonly query: MapWeights
    readonly output: MapWeights
    readonly queryNorm?: NormWeights | undefined
  }
  readonly network: {
    readonly norm: NormWeights
    readonly gate?: MapWeights | undefined
    readonly inner: MapWeights
    readonly output: MapWeights
  }
}

/** What makes logits of the last layer's outputs: a norm, and a map or a table [V, D] that stays where it is. */
export interface HeadWeights {
  readonly norm?: NormWeights | undefined
  readonly map?: MapWeights | undefined
  readonly bias?: TensorInfo | undefined
}

export interface LayerSizes {
  readonly D: number
  readonly N: number
  readonly G: number
  readonly K: number
  readonly F: number
  readonly V: number
  readonly normFirst: boolean
}

/** A part of the packed weights: a norm of `to` numbers, a map, or a vector. */
interface Section {
  readonly name: string
  readonly to: number
  /** Inputs of a map. */
  readonly from?: number
  readonly norm?: NormWeights | undefined
  readonly weight?: TensorInfo
  readonly bias?: TensorInfo | undefined
}

/** The sections in the order in which a step reads them (assembly/transformer/cached-layers.ts). */
function* sectionsOf(layers: readonly LayerWeights[], head: HeadWeights, sizes: LayerSizes): Generator<Section> {
  const { D, N, G, K, F, V, normFirst } = sizes
  const norm = (name: string, to: number, weights: NormWeights | undefined): Section => ({ name, to, norm: weights })
  const map = (name: string, from: number, to: number, weights: MapWeights): Section => ({
    ...{ name, from, to },
    ...weights,
  })
  for (const [i, { attention, source, network }] of layers.entries()) {
    const at = (name: string) => `layer ${i}, ${name}`
    if (normFirst) yield norm(at('attention norm'), D, attention.norm)
    yield map(at('query'), D, N * K, attention.query)
    yield map(at('key'), D, G * K, attention.key)
    yield map(at('value'), D, G * K, attention.value)
    yield norm(at('query norm'), K, attention.queryNorm)
    yield norm(at('key norm'), K, attention.keyNorm)
    yield map(at('output'), N * K, D, attention.output)
    if (!normFirst) yield norm(at('attention norm'), D, attention.norm)
    if (source !== undefined) {
      if (normFirst) yield norm(at('source norm'), D, source.norm)
      yield map(at('source query'), D, N * K, source.query)
      yield norm(at('source query norm'), K, source.queryNorm)
      yield map(at('source output'), N * K, D, source.output)
      if (!normFirst) yield norm(at('source norm'), D, source.norm)
    }
    if (normFirst) yield norm(at('network norm'), D, network.norm)
    yield map(at('inner'), D, F, network.inner)
    if (network.gate !== undefined) yield map(at('gate'), D, F, network.gate)
    yield map(at('network output'), F, D, network.output)
    if (!normFirst) yield norm(at('network norm'), D, network.norm)
  }
  if (normFirst) yield norm('final norm', D, head.norm)
  if (head.map === undefined) yield { name: 'output bias', to: V, bias: head.bias }
  else yield map('output', D, V, head.map)
}

/** Whether a norm is there, whether it centers, its epsilon. */
const NORM_HEADER = 16

const padded = (n: number) => Math.ceil(n / 16) * 16

function wordsOf({ from, to, name }: Section, heap: Heap): number {
  if (from !== undefined) return padded(to) + padded(heap.exports.packedBBytes(from, to) / 4)
  return name.endsWith('norm') ? NORM_HEADER + 2 * padded(to) : padded(to)
}

/** Number of bytes up to which weights are held a second time. */
const MOST_BYTES = 1.5 * 2 ** 30

/** The tensors of which packed weights are a copy, and how often those had been overwritten, by the data of the copy. */
const sources = new WeakMap<object, { readonly ids: readonly object[]; readonly versions: readonly number[] }>()

/**
 * The weights of a stack, packed for a step. They are `packed` itself where that is a copy of the same weights as they are now.
 *
 * @returns nothing where there is no memory for a second copy
 */
export function packLayers(
  where: string,
  heap: Heap,
  packed: TensorInfo | undefined,
  layers: readonly LayerWeights[],
  head: HeadWeights,
  sizes: LayerSizes,
): TensorInfo | undefined {
  const sections = [...sectionsOf(layers, head, sizes)]
  const tensors = sections.flatMap(({ norm, weight, bias }) =>
    [norm?.weight, norm?.bias, weight, bias].filter((tensor): tensor is TensorInfo => tensor != null),
  )
  const ids = tensors.map(({ dataId }) => dataId)
  const versions = tensors.map(versionOf)
  const known = packed && sources.get(packed.dataId)
  if (
    packed !== undefined &&
    known?.ids.length === ids.length &&
    ids.every((id, i) => id === known.ids[i] && versions[i] === known.versions[i])
  ) {
    return shareAs(heap, packed, packed.shape)
  }
  for (const section of sections) checkSection(where, section)
  const words = sections.reduce((sum, section) => sum + wordsOf(section, heap), 0)
  if (4 * words > MOST_BYTES) return undefined
  const copy = makeIfPossible(heap, words)
  if (copy === undefined) return undefined
  let start = 0
  for (const section of sections) {
    pack(heap, section, heap.floats(copy), heap.addressOf(copy), start)
    start += wordsOf(section, heap)
  }
  sources.set(copy.dataId, { ids, versions })
  return copy
}

function makeIfPossible(heap: Heap, words: number): TensorInfo | undefined {
  try {
    return heap.makeOutput([words])
  } catch (error) {
    if (error instanceof KernelError && error.code === 'backend') return undefined
    throw error
  }
}

function checkSection(where: string, { name, from, to, norm, weight, bias }: Section): void {
  if (norm !== undefined) {
    checkTensor(where, name, norm.weight, [to])
    if (norm.bias != null) checkTensor(where, `bias of ${name}`, norm.bias, [to])
  }
  if (from !== undefined) checkTensor(where, name, weight, [from, to])
  if (bias != null) checkTensor(where, `bias of ${name}`, bias, [to])
}

function pack(heap: Heap, section: Section, target: Float32Array, address: number, start: number): void {
  const { from, to, norm, weight, bias } = section
  const vector = (values: TensorInfo | null | undefined, at: number) => {
    const given = values == null ? 0 : sizeOf(values.shape)
    if (values != null) target.set(heap.floats(values), at)
    target.fill(0, at + given, at + padded(to))
  }
  if (from !== undefined) {
    vector(bias, start)
    const panels = start + padded(to)
    heap.exports.packB(from, to, heap.addressOf(weight!), to, 1, address + 4 * panels)
  } else if (section.name.endsWith('norm')) {
    target.fill(0, start, start + NORM_HEADER)
    if (norm !== undefined) target.set([1, Number(norm.centered), norm.epsilon], start)
    vector(norm?.weight, start + NORM_HEADER)
    vector(norm?.bias, start + NORM_HEADER + padded(to))
  } else vector(bias, start)
}
