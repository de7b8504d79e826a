import type { TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, type KernelCall, type WasmKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { LayerActivation } from '../generated/exports.ts'
import type { Heap } from '../heap.ts'
import { checkRank, checkTensor } from './check.ts'
import { addresses } from './recurrent-arguments.ts'
import { isRecording, shareAs } from './workspace.ts'

// B batch, D hidden size, N heads, G key-value heads, K size of a head, F size of the inner layer, C room of a cache,
// S steps with the new one, R numbers of a head that positions turn

const where = 'HeddleCachedLayer'

type Inputs = Record<string, TensorInfo | undefined>

/** A norm of the layer: LayerNorm where it is centered, else RMSNorm. */
interface Norm {
  readonly centered: boolean
  readonly epsilon: number
}

interface Attributes {
  /** Whether norms stand before sublayers; else after the sum with their input. */
  readonly normFirst: boolean
  readonly attentionNorm?: Norm
  readonly networkNorm?: Norm
  readonly queryNorm?: Norm
  readonly keyNorm?: Norm
  readonly numHeads?: number
  readonly numKeyValueHeads?: number
  /** Number of steps in the cache. */
  readonly length?: number
  /** Cosines and sines of the angles of the new step, [R/2] each. */
  readonly rotation?: { readonly cos: Float32Array; readonly sin: Float32Array }
  readonly activation?: string
}

/** A cache starts with room for this number of steps. */
const SMALLEST_ROOM = 64

/**
 * 'HeddleCachedLayer': one more step of a Transformer layer that keeps its keys and values; with its attention alone, its
 * feed-forward network alone, or both.
 *
 *     h = x + output(attention(attentionNorm(x))),  y = h + networkOutput(activation(inner(networkNorm(h))))
 *
 * The inner vector is activation(gate)·inner where there is a gate. Without `normFirst` the norms follow the sums.
 *
 * Inputs x [B, 1, D]. Attention: queryWeight [D, N·K], keyWeight and valueWeight [D, G·K], outputWeight [N·K, D], and where there are
 * any queryBias, keyBias, valueBias, outputBias, queryNormWeight [K], queryNormBias, keyNormWeight, keyNormBias, scoreBias
 * [1, N, 1, S], and the caches keys and values [B, G, C, K], whose first `length` steps count. Network: innerWeight and gateWeight
 * [D, F], networkOutputWeight [F, D] and their biases. attentionNormWeight [D], attentionNormBias, networkNormWeight and
 * networkNormBias.
 *
 * Outputs y [B, 1, D], and with attention the caches with the new step. They are the memory of the old ones, in which the step
 * after the last is written, where that is free: a cache with room that no other step has followed. Otherwise they are copies with
 * room for more steps.
 */
const cachedLayer = defineKernel(where, (call) => {
  if (isRecording()) {
    throw new KernelError(
      'usage',
      `${where}: expected no gradient to be recorded, got a step inside of one. It has none.`,
    )
  }
  const { inputs, heap } = call
  const tensors = inputs as Inputs
  const { x } = tensors
  checkRank(where, 'x', x, 'B, 1, D')
  const [B, T, D] = x.shape as [number, number, number]
  checkTensor(where, 'x', x, [B, 1, D])
  const attributes = call.attrs as unknown as Attributes
  const attention = tensors['queryWeight'] == null ? undefined : attentionArguments(call, B * T, D)
  const network = tensors['innerWeight'] == null ? undefined : networkArguments(call, D)
  if (attention === undefined && network === undefined) {
    throw new KernelError('usage', `${where}: expected queryWeight or innerWeight, got neither. Give one of them.`)
  }
  const { heads = 0, keyValueHeads = 0, headSize = 0, length = -1 } = attention?.sizes ?? {}
  const caches = attention?.makeCaches() ?? []
  const y = heap.makeOutput(x.shape)
  if (B * D > 0) {
    const innerSize = network?.innerSize ?? 0
    const words = heap.exports.cachedLayerWords(B, D, heads, keyValueHeads, headSize, length + 1, innerSize)
    const rotation = attributes.rotation
    const half = attention === undefined ? 0 : (rotation?.cos.length ?? 0)
    const scratch = heap.makeOutput([words + 2 * half])
    const start = heap.addressOf(scratch)
    if (half > 0) {
      const floats = heap.floats(scratch)
      floats.set(rotation!.cos, words)
      floats.set(rotation!.sin, words + half)
    }
    heap.exports.cachedLayer({
      ...{ batch: B, size: D, normFirst: Number(attributes.normFirst), scratch: start },
      ...{ rotated: 2 * half, cos: start + 4 * words, sin: start + 4 * (words + half) },
      ...addresses(heap, { x, y, keys: caches[0], values: caches[1] }),
      ...attention?.arguments,
      ...network,
    })
    heap.dispose(scratch)
  }
  return [y, ...caches]
})

/** Arguments of a norm of n numbers. */
function normArguments<Name extends string>(
  heap: Heap,
  tensors: Inputs,
  name: Name,
  norm: Norm | undefined,
  n: number,
) {
  const [weight, bias] = [tensors[`${name}Weight`], tensors[`${name}Bias`]]
  if (weight != null) {
    checkTensor(where, `${name}Weight`, weight, [n])
    if (bias != null) checkTensor(where, `${name}Bias`, bias, [n])
    if (norm === undefined) throw new KernelError('usage', `${where}: expected the attribute ${name}, got nothing.`)
  }
  return {
    ...addresses(heap, { [`${name}Weight`]: weight, [`${name}Bias`]: bias }),
    [`${name}Centred`]: Number(norm?.centered ?? false),
    [`${name}Epsilon`]: norm?.epsilon ?? 0,
  } as Record<`${Name}${'Weight' | 'Bias' | 'Centred' | 'Epsilon'}`, number>
}

/** Addresses of a weight and its bias. */
function mapArguments<Name extends string>(
  heap: Heap,
  tensors: Inputs,
  name: Name,
  shape: readonly [number, number],
): Record<`${Name}${'Weight' | 'Bias'}`, number> {
  const [weight, bias] = [tensors[`${name}Weight`], tensors[`${name}Bias`]]
  checkTensor(where, `${name}Weight`, weight ?? undefined, shape)
  if (bias != null) checkTensor(where, `${name}Bias`, bias, [shape[1]])
  return addresses(heap, { [`${name}Weight`]: weight, [`${name}Bias`]: bias }) as Record<
    `${Name}${'Weight' | 'Bias'}`,
    number
  >
}

function networkArguments({ inputs, attrs, heap }: KernelCall, D: number) {
  const tensors = inputs as Inputs
  const { networkNorm, normFirst, activation = 'identity' } = attrs as unknown as Attributes
  const { innerWeight, gateWeight } = tensors
  checkRank(where, 'innerWeight', innerWeight, 'D, F')
  const F = innerWeight.shape[1]!
  needNorm(tensors, 'networkNorm', normFirst)
  return {
    innerSize: F,
    activation: activationCode(activation),
    ...normArguments(heap, tensors, 'networkNorm', networkNorm, D),
    ...mapArguments(heap, tensors, 'inner', [D, F]),
    ...(gateWeight != null && mapArguments(heap, tensors, 'gate', [D, F])),
    ...mapArguments(heap, tensors, 'networkOutput', [F, D]),
  }
}

function attentionArguments({ inputs, attrs, heap }: KernelCall, B: number, D: number) {
  const tensors = inputs as Inputs
  const attributes = attrs as unknown as Attributes
  const { numHeads: N, numKeyValueHeads: G = N, length = 0, attentionNorm, queryNorm, keyNorm, rotation } = attributes
  const { queryWeight, scoreBias, keys, values } = tensors
  checkRank(where, 'queryWeight', queryWeight, 'D, N·K')
  const width = queryWeight.shape[1]!
  if (!isCount(N) || !isCount(G) || N % G !== 0 || width % N !== 0) {
    throw new KernelError(
      'shape',
      `${where}: expected numHeads and numKeyValueHeads that divide, got ${N} and ${G} of ${width}.`,
    )
  }
  const K = width / N
  if (!Number.isInteger(length) || length < 0) {
    throw new KernelError('shape', `${where}: expected length of at least 0, got ${length}.`)
  }
  const room = keys?.shape[2] ?? 0
  if (keys != null || length > 0) {
    checkTensor(where, 'keys', keys ?? undefined, [B, G, room, K])
    checkTensor(where, 'values', values ?? undefined, [B, G, room, K])
  }
  if (length > room) throw new KernelError('shape', `${where}: expected length of at most ${room}, got ${length}.`)
  if (scoreBias != null) checkTensor(where, 'scoreBias', scoreBias, [1, N, 1, length + 1])
  const half = rotation?.cos.length ?? 0
  if (2 * half > K || (rotation?.sin.length ?? 0) !== half) {
    throw new KernelError('shape', `${where}: expected a rotation of at most ${K} numbers, got ${2 * half}.`)
  }
  needNorm(tensors, 'attentionNorm', attributes.normFirst)
  const kept = keys == null ? undefined : { keys, values: values! }
  const grows = kept === undefined || !claim(heap, kept.keys, kept.values, length)
  const newRoom = grows ? Math.max(SMALLEST_ROOM, 2 * length) : room
  return {
    sizes: { heads: N, keyValueHeads: G, headSize: K, length },
    makeCaches: (): [TensorInfo, TensorInfo] => {
      const shape = [B, G, newRoom, K]
      if (!grows) return [shareAs(heap, kept!.keys, shape), shareAs(heap, kept!.values, shape)]
      const made = [heap.makeOutput(shape), heap.makeOutput(shape)] as [TensorInfo, TensorInfo]
      if (kept !== undefined) {
        copySteps(heap, kept.keys, made[0], length)
        copySteps(heap, kept.values, made[1], length)
      }
      claim(heap, made[0], made[1], length)
      return made
    },
    arguments: {
      ...{ heads: N, keyValueHeads: G, headSize: K, length, room: newRoom, scale: 1 / Math.sqrt(K) },
      ...normArguments(heap, tensors, 'attentionNorm', attentionNorm, D),
      ...normArguments(heap, tensors, 'queryNorm', queryNorm, K),
      ...normArguments(heap, tensors, 'keyNorm', keyNorm, K),
      ...mapArguments(heap, tensors, 'query', [D, N * K]),
      ...mapArguments(heap, tensors, 'key', [D, G * K]),
      ...mapArguments(heap, tensors, 'value', [D, G * K]),
      ...mapArguments(heap, tensors, 'output', [N * K, D]),
      ...addresses(heap, { scoreBias: scoreBias ?? undefined }),
    },
  }
}

const isCount = (n: number | undefined): n is number => n !== undefined && Number.isInteger(n) && n > 0

/** Norms before a sublayer may be missing; after the sum there is one. */
function needNorm(tensors: Inputs, name: string, normFirst: boolean): void {
  if (tensors[`${name}Weight`] == null) {
    throw new KernelError(
      'usage',
      `${where}: expected ${name}Weight ${normFirst ? 'before' : 'after'} its sublayer, got nothing.`,
    )
  }
}

/** Number of steps that have been written to the memory of a cache, by its data. */
const written = new WeakMap<object, number>()

/**
 * Takes the step after the first `length` of two caches for the caller. Each step of a memory is given away once, so that two
 * continuations of one text do not write over each other.
 *
 * @returns whether there is room and nobody had it before
 */
function claim(heap: Heap, keys: TensorInfo, values: TensorInfo, length: number): boolean {
  if (keys.shape[2]! <= length) return false
  const data = [keys, values].map(({ dataId }) => heap.backend.dataIdMap.get(dataId))
  if (data.some((one) => (written.get(one) ?? length) !== length)) return false
  for (const one of data) written.set(one, length + 1)
  return true
}

/** Copies the first `length` steps of each row and head. */
function copySteps(heap: Heap, from: TensorInfo, to: TensorInfo, length: number): void {
  const [source, target] = [heap.floats(from), heap.floats(to)]
  const [B, G, room, K] = from.shape as [number, number, number, number]
  const newRoom = to.shape[2]!
  for (let row = 0; row < B * G; row++) {
    const start = row * room * K
    target.set(source.subarray(start, start + length * K), row * newRoom * K)
  }
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

export const cachedLayerKernels: readonly WasmKernel[] = [cachedLayer]
