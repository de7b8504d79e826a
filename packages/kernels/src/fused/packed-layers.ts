import type { TensorInfo } from '@tensorflow/tfjs-core'
import { KernelError } from '../errors.ts'
import type { Heap } from '../heap.ts'
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

/** Makes logits of the last layer's outputs: a norm, and a map or a table [V, D] that stays where it is. */
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

/** A part of the packed weights: a map, a norm or a vector. */
interface Section {
  readonly kind: 'map' | 'norm' | 'vector'
  readonly name: string
  /** Number of its layer, or -1. */
  readonly layer: number
  /** Inputs of a map. */
  readonly from: number
  /** Outputs of a map, or numbers of a norm or vector. */
  readonly to: number
  readonly weight: TensorInfo | undefined
  readonly bias: TensorInfo | undefined
  readonly norm: NormWeights | undefined
}

/** The sections in the order in which a step reads them (assembly/transformer/sublayers.ts). */
function sectionsOf(layers: readonly LayerWeights[], head: HeadWeights, sizes: LayerSizes): Section[] {
  const { D, N, G, K, F, V, normFirst } = sizes
  const sections: Section[] = []
  let layer = 0
  const norm = (to: number, norm: NormWeights | undefined) =>
    sections.push({ kind: 'norm', name: 'norm', layer, from: 0, to, weight: norm?.weight, bias: norm?.bias, norm })
  const map = (name: string, from: number, to: number, { weight, bias }: MapWeights) =>
    sections.push({ kind: 'map', name, layer, from, to, weight, bias, norm: undefined })
  for (const { attention, source, network } of layers) {
    if (normFirst) norm(D, attention.norm)
    map('query', D, N * K, attention.query)
    map('key', D, G * K, attention.key)
    map('value', D, G * K, attention.value)
    norm(K, attention.queryNorm)
    norm(K, attention.keyNorm)
    map('output', N * K, D, attention.output)
    if (!normFirst) norm(D, attention.norm)
    if (source !== undefined) {
      if (normFirst) norm(D, source.norm)
      map('source query', D, N * K, source.query)
      norm(K, source.queryNorm)
      map('source output', N * K, D, source.output)
      if (!normFirst) norm(D, source.norm)
    }
    if (normFirst) norm(D, network.norm)
    map('inner', D, F, network.inner)
    if (network.gate !== undefined) map('gate', D, F, network.gate)
    map('network output', F, D, network.output)
    if (!normFirst) norm(D, network.norm)
    layer++
  }
  layer = -1
  if (normFirst) norm(D, head.norm)
  if (head.map !== undefined) map('logits', D, V, head.map)
  else {
    const vector = { kind: 'vector', name: 'logits', layer, from: 0, to: V } as const
    sections.push({ ...vector, weight: undefined, bias: head.bias, norm: undefined })
  }
  return sections
}

/** Whether a norm is there, whether it centers, its epsilon. */
const NORM_HEADER = 16

const padded = (n: number) => Math.ceil(n / 16) * 16

function wordsOf({ kind, from, to }: Section, heap: Heap): number {
  if (kind === 'map') return padded(to) + padded(heap.exports.packedBBytes(from, to) / 4)
  return kind === 'norm' ? NORM_HEADER + 2 * padded(to) : padded(to)
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
  const sections = sectionsOf(layers, head, sizes)
  const ids: object[] = []
  const versions: number[] = []
  for (const { weight, bias } of sections) {
    for (const tensor of [weight, bias]) {
      if (tensor == null) continue
      ids.push(tensor.dataId)
      versions.push(versionOf(tensor))
    }
  }
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

function checkSection(where: string, { kind, name: part, layer, from, to, weight, bias }: Section): void {
  const name = layer < 0 ? part : `${part} of layer ${layer}`
  if (kind === 'map') checkTensor(where, name, weight, [from, to])
  else if (weight !== undefined) checkTensor(where, name, weight, [to])
  if (bias != null) checkTensor(where, `bias of ${name}`, bias, [to])
}

function pack(heap: Heap, section: Section, target: Float32Array, address: number, start: number): void {
  const { kind, from, to, norm, weight, bias } = section
  const vector = (values: TensorInfo | null | undefined, at: number) => {
    const given = values == null ? 0 : to
    if (values != null) target.set(heap.floats(values), at)
    target.fill(0, at + given, at + padded(to))
  }
  if (kind === 'map') {
    vector(bias, start)
    heap.exports.packB(from, to, heap.addressOf(weight!), to, 1, address + 4 * (start + padded(to)))
  } else if (kind === 'norm') {
    target.fill(0, start, start + NORM_HEADER)
    if (norm !== undefined) target.set([1, Number(norm.centered), norm.epsilon], start)
    vector(weight, start + NORM_HEADER)
    vector(bias, start + NORM_HEADER + padded(to))
  } else vector(bias, start)
}
