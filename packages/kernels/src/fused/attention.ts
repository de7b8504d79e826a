import { engine, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, type WasmKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import type { AttentionArguments } from '../generated/exports.ts'
import type { Heap } from '../heap.ts'
import { checkRank, checkTensor } from './check.ts'
import { isRecording, makeWorkspace, shareAs } from './workspace.ts'

// B batch, N heads, G heads of keys and values, T queries, S keys, K size of a query and key, V size of a value

interface Attributes {
  /** Query t sees the keys up to t + S - T. */
  readonly causal: boolean
  /** Causal: number of keys that a query sees, its own included (default all). */
  readonly window?: number | undefined
  /** Factor of the scores, usually 1 / sqrt(K). */
  readonly scale: number
  /** Whether tensors are [B, N, T, K], or [B, T, N, K] as a linear map leaves them. */
  readonly headsFirst: boolean
}

interface Sizes {
  readonly B: number
  readonly N: number
  readonly G: number
  readonly T: number
  readonly S: number
  readonly K: number
  readonly V: number
}

type Inputs = Record<string, TensorInfo>

/**
 * 'HeddleAttention': softmax(scale·query·keyᵀ + distances)·value for every head, without the [T, S] weights in memory.
 *
 * Inputs query [B, N, T, K], key [B, G, S, K], value [B, G, S, V], mask [B, S] bool (true: may be seen) or none, distances
 * [N, T + S - 1] (number T - 1 + s - t is added to the score of query t and key s) or none; with heads after time where
 * `headsFirst` is false. Output [B, N, T, V], or [B, T, N, V]. A query that sees no key gives zero.
 *
 * @see Dao et al. 2022, "FlashAttention: fast and memory-efficient exact attention with IO-awareness"
 */
const attention = defineKernel(
  'HeddleAttention',
  ({ inputs, attrs, heap }) => {
    const attributes = attrs as unknown as Attributes
    const { query, mask, distances } = inputs as Inputs
    const sizes = checkInputs(inputs as Inputs, attributes)
    const { B, N, T, V } = sizes
    const out = heap.makeOutput([...query!.shape.slice(0, 3), V])
    const isKept = isRecording()
    const logSums = isKept ? makeWorkspace(heap, B * N * T) : undefined
    const blocks = B * N * T * V > 0 ? B * N * Math.ceil(T / 12) : 0
    if (blocks > 0) {
      const tensors = { ...(inputs as Inputs), out, ...(logSums && { logSums }) }
      run(heap, sizes, attributes, tensors, blocks, false)
    }
    // The gradient needs mask and distances, but tfjs cannot save an input that may be missing.
    const kept = isKept ? [mask, distances].filter((input) => input != null) : []
    return [out, ...(logSums === undefined ? [] : [logSums]), ...kept.map((input) => shareAs(heap, input, [0]))]
  },
  {
    inputsToSave: ['query', 'key', 'value'],
    outputsToSave: [true, true, true, true],
    gradFunc: (dy, [query, key, value, out, logSums, ...kept], attrs) => {
      const inputs = {
        query: query!,
        key: key!,
        value: value!,
        out: out!,
        logSums: logSums!,
        dOut: (dy as Tensor[])[0]!,
      }
      const [mask, distances] = ['bool', 'float32'].map((dtype) => kept.find((tensor) => tensor.dtype === dtype))
      const all = { ...inputs, ...(mask && { mask }), ...(distances && { distances }) }
      const gradients = engine().runKernel('HeddleAttentionGradient', all, attrs) as unknown as Tensor[]
      const [dQuery, dKey, dValue, dDistances] = gradients as [Tensor, Tensor, Tensor, Tensor]
      return { query: () => dQuery, key: () => dKey, value: () => dValue, distances: () => dDistances }
    },
  },
)

const gradient = defineKernel('HeddleAttentionGradient', ({ inputs, attrs, heap, run: runKernel }) => {
  const attributes = attrs as unknown as Attributes
  const tensors = inputs as Inputs
  const { query, key, value, distances } = tensors
  // Their sizes were checked on the way forward.
  const { mask: _, distances: __, ...checked } = tensors
  const sizes = checkInputs(checked, attributes)
  const { B, N, G, T, S } = sizes
  const dQuery = heap.makeOutput(query!.shape)
  const dKey = heap.makeOutput(key!.shape)
  const dValue = heap.makeOutput(value!.shape)
  const perRow = distances == null ? undefined : heap.makeOutput([B, N, Math.max(0, T + S - 1)])
  if (B * G > 0) {
    const results = { dQuery, dKey, dValue, ...(perRow && { dDistances: perRow }) }
    run(heap, sizes, attributes, { ...tensors, ...results }, B * G, true)
  }
  if (perRow === undefined) return [dQuery, dKey, dValue]
  const dDistances = runKernel('Sum', { x: perRow }, { axis: [0], keepDims: false })
  heap.dispose(perRow)
  return [dQuery, dKey, dValue, dDistances]
})

export const attentionKernels: readonly WasmKernel[] = [attention, gradient]

function checkInputs({ query, key, value, mask, distances }: Inputs, attributes: Attributes): Sizes {
  const { headsFirst, scale, causal, window } = attributes
  const where = 'HeddleAttention'
  const axes = headsFirst ? 'B, N, T, K' : 'B, T, N, K'
  checkRank(where, 'query', query, axes)
  checkRank(where, 'key', key, axes.replace('T', 'S'))
  checkRank(where, 'value', value, axes.replace('T', 'S').replace('K', 'V'))
  const [time, head] = headsFirst ? [2, 1] : [1, 2]
  const sizes = {
    B: query.shape[0]!,
    N: query.shape[head]!,
    G: key.shape[head]!,
    T: query.shape[time]!,
    S: key.shape[time]!,
    K: query.shape[3]!,
    V: value.shape[3]!,
  }
  const { B, N, G, T, S, K, V } = sizes
  if (!(scale > 0)) throw new KernelError('usage', `${where}: expected a scale above 0, got ${scale}.`)
  if (window !== undefined && !(causal && Number.isInteger(window) && window >= 1)) {
    throw new KernelError(
      'usage',
      `${where}: expected causal attention with a window of at least 1, got window ${window} and causal ${causal}.`,
    )
  }
  if (N > 0 && !(G > 0 && N % G === 0)) {
    throw new KernelError('shape', `${where}: expected heads of keys that divide ${N} query heads, got ${G}.`)
  }
  checkTensor(where, 'key', key, headsFirst ? [B, G, S, K] : [B, S, G, K])
  checkTensor(where, 'value', value, headsFirst ? [B, G, S, V] : [B, S, G, V])
  if (mask != null) checkTensor(where, 'mask', mask, [B, S], 'bool')
  if (distances != null) checkTensor(where, 'distances', distances, [N, Math.max(0, T + S - 1)])
  return sizes
}

function run(
  heap: Heap,
  { B, N, G, T, S, K, V }: Sizes,
  { causal, scale, headsFirst, window: given }: Attributes,
  tensors: Inputs,
  tasks: number,
  backward: boolean,
): void {
  const window = given === undefined || given >= S ? 0 : given
  const parts = heap.exports.attentionParts(tasks)
  const scratch = heap.makeOutput([parts * heap.exports.attentionScratch(T, S, window, backward)])
  const at = (name: string) => (tensors[name] == null ? 0 : heap.addressOf(tensors[name]))
  /** Elements between heads and between steps. */
  const headStride = (time: number, size: number) => (headsFirst ? time * size : size)
  const stepStride = (heads: number, size: number) => (headsFirst ? size : heads * size)
  const args: AttentionArguments = {
    batch: B,
    heads: N,
    group: Math.max(1, N / G),
    queries: T,
    keys: S,
    keySize: K,
    valueSize: V,
    causal: Number(causal),
    window,
    scale,
    query: at('query'),
    key: at('key'),
    value: at('value'),
    mask: at('mask'),
    distances: at('distances'),
    out: at('out'),
    logSums: at('logSums'),
    queryBatch: N * T * K,
    queryHead: headStride(T, K),
    queryStep: stepStride(N, K),
    keyBatch: G * S * K,
    keyHead: headStride(S, K),
    keyStep: stepStride(G, K),
    valueBatch: G * S * V,
    valueHead: headStride(S, V),
    valueStep: stepStride(G, V),
    outBatch: N * T * V,
    outHead: headStride(T, V),
    outStep: stepStride(N, V),
    scratch: heap.addressOf(scratch),
    parts,
    dOut: at('dOut'),
    dQuery: at('dQuery'),
    dKey: at('dKey'),
    dValue: at('dValue'),
    dDistances: at('dDistances'),
  }
  if (backward) heap.exports.attentionGradient(args)
  else heap.exports.attention(args)
  heap.dispose(scratch)
}
