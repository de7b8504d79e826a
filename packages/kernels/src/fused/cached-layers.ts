import type { TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, type KernelCall, type WasmKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { LayerActivation } from '../generated/exports.ts'
import { checkRank, checkTensor } from './check.ts'
import { checkSteps, type Origins, roomForStep, type Steps } from './layer-caches.ts'
import { type HeadWeights, type LayerSizes, type LayerWeights, packLayers } from './packed-layers.ts'
import { addresses } from './recurrent-arguments.ts'
import { isRecording } from './workspace.ts'

// L layers, B batch, D hidden size, N heads, G key-value heads, K size of a head, F size of the inner layer, R numbers of a head
// that positions turn, S steps with the new one, U steps of the source, V vocabulary

const where = 'HeddleCachedLayers'

interface Attributes {
  /** Whether norms stand before sublayers; else after the sum with their input. */
  readonly normFirst: boolean
  readonly numHeads: number
  readonly numKeyValueHeads: number
  /** Between the maps of the network: of the gate where there is one, else of the inner vector. */
  readonly activation: string
  /** Number of steps that a step sees, itself included; all when missing. */
  readonly window?: number | undefined
  readonly layers: readonly LayerWeights[]
  readonly head: HeadWeights
  /** Number of steps before the new one. */
  readonly length: number
  readonly origins?: Origins | undefined
  /** First step of each row, [B]; the others are padding. */
  readonly starts?: Int32Array | undefined
  /** Cosines and sines of the angles of the new step, [R/2] each. */
  readonly rotation?: { readonly cos: Float32Array; readonly sin: Float32Array } | undefined
  /** Row of the source that each row reads, [B]; its own when missing. */
  readonly sourceRows?: Int32Array | undefined
}

/**
 * 'HeddleCachedLayers': one more step of a stack of Transformer layers that keep their keys and values, and the logits after it.
 *
 *     h = x + output(attention(norm(x))),  with a source  h + output(attention(norm(h), source)),  then  h + network(norm(h))
 *     logits = norm(h)·weight + bias
 *
 * Without `normFirst` norms follow sums. The inner vector of a network is activation(gate)·inner where there is a gate.
 *
 * Inputs x [B, 1, D]; where there are any, weights and caches of the step before, or keys0, values0, keys1, … [B, G, S - 1, K] of
 * each layer; scoreBias [1, N, 1, S]; table [V, D], an output layer that is not packed; with a source sourceKeys0, sourceValues0,
 * sourceKeys1, … [rows, N, U, K] and sourceBias [rows, 1, 1, U].
 *
 * Outputs logits [B, V]; the weights packed for the next step; caches [L, 2, rows, G, room, K] with the new step; with a source the
 * mean weights of the last layer's heads [B, U]. Weights and caches share the memory of those that came in where that holds the
 * same weights, and where the step after the last is free. No outputs where there is no memory for a second copy of the weights.
 */
const cachedLayers = defineKernel(where, (call) => {
  if (isRecording()) {
    throw new KernelError(
      'usage',
      `${where}: expected no gradient to be recorded, got a step inside of one. It has none.`,
    )
  }
  const { inputs, heap } = call
  const { x, weights, scoreBias, table } = inputs as Record<string, TensorInfo | undefined>
  const attributes = call.attrs as unknown as Attributes
  const { layers, head, length, normFirst, window = 0, origins, starts, rotation } = attributes
  checkRank(where, 'x', x, 'B, 1, D')
  const [B, , D] = x.shape as [number, number, number]
  checkTensor(where, 'x', x, [B, 1, D])
  const sizes = sizesOf(attributes, D, table)
  const { N, G, K, F, V } = sizes
  if (!Number.isInteger(length) || length < 0 || !Number.isInteger(window) || window < 0) {
    throw new KernelError('shape', `${where}: expected length and window from 0 on, got ${length} and ${window}.`)
  }
  if (scoreBias != null) checkTensor(where, 'scoreBias', scoreBias, [1, N, 1, length + 1])
  const half = rotation?.cos.length ?? 0
  if (2 * half > K || (rotation?.sin.length ?? 0) !== half) {
    throw new KernelError('shape', `${where}: expected a rotation of at most ${K} numbers, got ${2 * half}.`)
  }
  checkRows('starts', starts, B, length)
  const source = sourceOf(call, B, N, K)
  const steps = stepsOf(call)
  const cacheSizes = { L: layers.length, B, G, K }
  checkSteps(where, steps, cacheSizes)
  if (origins !== undefined) {
    if (!(origins.steps <= length)) throw wrongRows('origins', `at most ${length} steps`, origins.steps)
    checkRows('origins', origins.rows, B * origins.steps, (steps.memory?.shape[2] ?? 0) - 1)
  }
  const packed = packLayers(where, heap, weights, layers, head, sizes)
  if (packed === undefined) return []
  const caches = roomForStep(heap, steps, cacheSizes)
  const logits = heap.makeOutput([B, V])
  const sourceWeights = source && heap.makeOutput([B, source.U])
  if (B * D > 0) {
    const lists = {
      origins: caches.origins?.rows,
      ...{ starts, sourceRows: source?.rows, sources: source?.addresses },
      ...{ cos: rotation?.cos, sin: rotation?.sin },
    }
    const sizesOfStep = {
      ...{ batch: B, size: D, layers: layers.length, normFirst: Number(normFirst) },
      ...{ heads: N, keyValueHeads: G, headSize: K, innerSize: F, vocabulary: V, threads: heap.threads },
      ...{ activation: activationCode(attributes.activation), gated: Number(layers[0]!.network.gate !== undefined) },
      ...{ length, cacheRows: caches.memory.shape[2]!, room: caches.memory.shape[4]!, window, rotated: 2 * half },
      ...{ originSteps: caches.origins?.steps ?? 0, sourceSteps: source?.U ?? 0 },
    }
    const none = { packed: 0, x: 0, scratch: 0, caches: 0, logits: 0 }
    const words = heap.exports.cachedLayersWords({ ...sizesOfStep, ...none })
    const given = Object.entries(lists).filter(([, list]) => list !== undefined)
    const scratch = heap.makeOutput([given.reduce((sum, [, list]) => sum + list!.length, words)])
    let end = words
    const listsAt = given.map(([name, list]) => {
      const target = list instanceof Int32Array ? heap.ints(scratch) : heap.floats(scratch)
      target.set(list!, end)
      end += list!.length
      return [name, heap.addressOf(scratch) + 4 * (end - list!.length)]
    })
    heap.exports.cachedLayers({
      ...sizesOfStep,
      ...addresses(heap, { packed, x, scratch, caches: caches.memory, logits, scoreBias, table }),
      ...addresses(heap, { sourceBias: source?.bias, sourceWeights }),
      ...Object.fromEntries(listsAt),
    })
    heap.dispose(scratch)
  }
  return [logits, packed, caches.memory, ...(sourceWeights === undefined ? [] : [sourceWeights])]
})

function sizesOf(attributes: Attributes, D: number, table: TensorInfo | undefined): LayerSizes {
  const { numHeads: N, numKeyValueHeads: G, layers, head, normFirst } = attributes
  if (layers.length === 0) throw new KernelError('usage', `${where}: expected at least one layer, got none.`)
  const [first] = layers as [LayerWeights]
  checkRank(where, 'query', first.attention.query.weight, 'D, N·K')
  checkRank(where, 'inner', first.network.inner.weight, 'D, F')
  const width = first.attention.query.weight.shape[1]!
  if (!isCount(N) || !isCount(G) || N % G !== 0 || width % N !== 0) {
    throw new KernelError(
      'shape',
      `${where}: expected numHeads and numKeyValueHeads that divide, got ${N} and ${G} of ${width}.`,
    )
  }
  const alike = layers.every(
    ({ source, network }) =>
      (source === undefined) === (first.source === undefined) &&
      (network.gate === undefined) === (first.network.gate === undefined),
  )
  if (!alike) throw new KernelError('usage', `${where}: expected layers with the same sublayers, got others.`)
  const F = first.network.inner.weight.shape[1]!
  if (table != null) {
    checkRank(where, 'table', table, 'V, D')
    checkTensor(where, 'table', table, [table.shape[0]!, D])
  }
  if ((table == null) === (head.map === undefined)) {
    const got = table == null ? 'neither' : 'both'
    throw new KernelError('usage', `${where}: expected a table or head.map, got ${got}. Give one of them.`)
  }
  if (head.map !== undefined) checkRank(where, 'logits', head.map.weight, 'D, V')
  const V = table?.shape[0] ?? head.map!.weight.shape[1]!
  return { D, N, G, K: width / N, F, V, normFirst }
}

const isCount = (n: number): boolean => Number.isInteger(n) && n > 0

/** The steps before: a memory of all layers, or keys and values of each. */
function stepsOf({ inputs, attrs }: KernelCall): Steps {
  const tensors = inputs as Record<string, TensorInfo | undefined>
  const { length, origins, layers } = attrs as unknown as Attributes
  const memory = tensors['caches']
  if (memory != null || length === 0) return { length, memory, origins, layers: [] }
  const pairs = layers.map((_, i) => [tensors[`keys${i}`]!, tensors[`values${i}`]!] as const)
  return { length, layers: pairs }
}

interface Source {
  readonly U: number
  readonly rows: Int32Array
  readonly addresses: Int32Array
  readonly bias: TensorInfo | undefined
}

function sourceOf({ inputs, attrs, heap }: KernelCall, B: number, N: number, K: number): Source | undefined {
  const tensors = inputs as Record<string, TensorInfo | undefined>
  const { layers, sourceRows = Int32Array.from({ length: B }, (_, b) => b) } = attrs as unknown as Attributes
  if (layers[0]?.source === undefined) return undefined
  checkRank(where, 'sourceKeys0', tensors['sourceKeys0'], 'rows, N, U, K')
  const [rows, , U] = tensors['sourceKeys0'].shape as [number, number, number, number]
  if (U === 0) throw new KernelError('shape', `${where}: expected a source of at least one step, got none.`)
  const each = layers.flatMap((_, i) => [`sourceKeys${i}`, `sourceValues${i}`])
  for (const name of each) checkTensor(where, name, tensors[name], [rows, N, U, K])
  const bias = tensors['sourceBias'] ?? undefined
  if (bias !== undefined) checkTensor(where, 'sourceBias', bias, [rows, 1, 1, U])
  checkRows('sourceRows', sourceRows, B, rows - 1)
  return { U, rows: sourceRows, bias, addresses: Int32Array.from(each, (name) => heap.addressOf(tensors[name]!)) }
}

/** Refuses a list of another length, or with a number that is not from 0 to `largest`. */
function checkRows(name: string, rows: Int32Array | undefined, count: number, largest: number): void {
  if (rows === undefined) return
  if (rows.length !== count) throw wrongRows(name, `${count} numbers`, rows.length)
  const wrong = rows.find((row) => row < 0 || row > largest)
  if (wrong !== undefined) throw wrongRows(name, `numbers from 0 to ${largest}`, wrong)
}

function wrongRows(name: string, expected: string, got: number): KernelError {
  return new KernelError('shape', `${where}: expected ${name} to be ${expected}, got ${got}.`)
}

const activationCodes: Readonly<Record<string, number>> = {
  identity: LayerActivation.IDENTITY,
  relu: LayerActivation.RELU,
  tanh: LayerActivation.TANH,
  sigmoid: LayerActivation.SIGMOID,
  gelu: LayerActivation.GELU,
  'gelu-tanh': LayerActivation.GELU_TANH,
  silu: LayerActivation.SILU,
  'relu-squared': LayerActivation.RELU_SQUARED,
}

function activationCode(name: string): number {
  const code = Object.hasOwn(activationCodes, name) ? activationCodes[name] : undefined
  if (code !== undefined) return code
  const known = Object.keys(activationCodes).join(', ')
  throw new KernelError('usage', `${where}: expected an activation of ${known}, got ${name}.`)
}

export const cachedLayersKernels: readonly WasmKernel[] = [cachedLayers]
