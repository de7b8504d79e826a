import { engine, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, type WasmKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import type { AttentionArguments } from '../generated/exports.ts'
import type { Heap } from '../heap.ts'
import { checkRank, checkTensor } from './check.ts'
import { isRecording, makeWorkspace, shareAs } from './workspace.ts'

// B batch, N heads, T queries, S keys, K size of a query and key, V size of a value

interface Attributes {
  /** Query t sees the keys up to t + S - T. */
  readonly causal: boolean
  /** Factor of the scores, usually 1 / sqrt(K). */
  readonly scale: number
  /** Whether tensors are [B, N, T, K], or [B, T, N, K] as a linear map leaves them. */
  readonly headsFirst: boolean
}

interface Sizes {
  readonly B: number
  readonly N: number
  readonly T: number
  readonly S: number
  readonly K: number
  readonly V: number
}

type Inputs = Record<string, TensorInfo>

/**
 * 'HeddleAttention': softmax(scale·query·keyᵀ)·value for every head, without the [T, S] weights in memory.
 *
 * Inputs query [B, N, T, K], key [B, N, S, K], value [B, N, S, V], mask [B, S] bool (true: may be seen) or none; with heads
 * after time where `headsFirst` is false. Output [B, N, T, V], or [B, T, N, V]. A query that sees no key gives zero.
 *
 * @see Dao et al. 2022, "FlashAttention: fast and memory-efficient exact attention with IO-awareness"
 */
const attention = defineKernel(
  'HeddleAttention',
  ({ inputs, attrs, heap }) => {
    const attributes = attrs as unknown as Attributes
    const { query, mask } = inputs as Inputs
    const sizes = checkInputs(inputs as Inputs, attributes)
    const { B, N, T, V } = sizes
    const out = heap.makeOutput([...query!.shape.slice(0, 3), V])
    const logSums = isRecording() ? makeWorkspace(heap, B * N * T) : undefined
    const blocks = B * N * T * V > 0 ? B * N * Math.ceil(T / 12) : 0
    if (blocks > 0) {
      const tensors = { ...(inputs as Inputs), out, ...(logSums && { logSums }) }
      run(heap, sizes, attributes, tensors, blocks, false)
    }
    const results = logSums === undefined ? [out] : [out, logSums]
    // The gradient needs the mask, but tfjs cannot save an input that may be missing.
    return mask != null && logSums !== undefined ? [...results, shareAs(heap, mask, [0])] : results
  },
  {
    inputsToSave: ['query', 'key', 'value'],
    outputsToSave: [true, true, true],
    gradFunc: (dy, [query, key, value, out, logSums, mask], attrs) => {
      const inputs = {
        query: query!,
        key: key!,
        value: value!,
        out: out!,
        logSums: logSums!,
        dOut: (dy as Tensor[])[0]!,
      }
      const all = mask === undefined ? inputs : { ...inputs, mask }
      const gradients = engine().runKernel('HeddleAttentionGradient', all, attrs) as unknown as Tensor[]
      const [dQuery, dKey, dValue] = gradients as [Tensor, Tensor, Tensor]
      return { query: () => dQuery, key: () => dKey, value: () => dValue }
    },
  },
)

const gradient = defineKernel('HeddleAttentionGradient', ({ inputs, attrs, heap }) => {
  const attributes = attrs as unknown as Attributes
  const tensors = inputs as Inputs
  const { query, key, value } = tensors
  const { mask: _, ...checked } = tensors
  const sizes = checkInputs(checked, attributes)
  const dQuery = heap.makeOutput(query!.shape)
  const dKey = heap.makeOutput(key!.shape)
  const dValue = heap.makeOutput(value!.shape)
  if (sizes.B * sizes.N > 0) run(heap, sizes, attributes, { ...tensors, dQuery, dKey, dValue }, sizes.B * sizes.N, true)
  return [dQuery, dKey, dValue]
})

export const attentionKernels: readonly WasmKernel[] = [attention, gradient]

function checkInputs({ query, key, value, mask }: Inputs, { headsFirst, scale }: Attributes): Sizes {
  const where = 'HeddleAttention'
  const axes = headsFirst ? 'B, N, T, K' : 'B, T, N, K'
  checkRank(where, 'query', query, axes)
  checkRank(where, 'key', key, axes.replace('T', 'S'))
  checkRank(where, 'value', value, axes.replace('T', 'S').replace('K', 'V'))
  const [time, head] = headsFirst ? [2, 1] : [1, 2]
  const sizes = {
    B: query.shape[0]!,
    N: query.shape[head]!,
    T: query.shape[time]!,
    S: key.shape[time]!,
    K: query.shape[3]!,
    V: value.shape[3]!,
  }
  const { B, N, S, K, V } = sizes
  if (!(scale > 0)) throw new KernelError('usage', `${where}: expected a scale above 0, got ${scale}.`)
  checkTensor(where, 'key', key, headsFirst ? [B, N, S, K] : [B, S, N, K])
  checkTensor(where, 'value', value, headsFirst ? [B, N, S, V] : [B, S, N, V])
  if (mask != null) checkTensor(where, 'mask', mask, [B, S], 'bool')
  return sizes
}

function run(
  heap: Heap,
  { B, N, T, S, K, V }: Sizes,
  { causal, scale, headsFirst }: Attributes,
  tensors: Inputs,
  tasks: number,
  backward: boolean,
): void {
  const parts = heap.exports.attentionParts(tasks)
  const scratch = heap.makeOutput([parts * heap.exports.attentionScratch(T, S, backward)])
  const at = (name: string) => (tensors[name] == null ? 0 : heap.addressOf(tensors[name]))
  /** Elements between heads and between steps. */
  const headStride = (time: number, size: number) => (headsFirst ? time * size : size)
  const stepStride = (size: number) => (headsFirst ? size : N * size)
  const args: AttentionArguments = {
    batch: B,
    heads: N,
    queries: T,
    keys: S,
    keySize: K,
    valueSize: V,
    causal: Number(causal),
    scale,
    query: at('query'),
    key: at('key'),
    value: at('value'),
    mask: at('mask'),
    out: at('out'),
    logSums: at('logSums'),
    queryBatch: N * T * K,
    queryHead: headStride(T, K),
    queryStep: stepStride(K),
    keyBatch: N * S * K,
    keyHead: headStride(S, K),
    keyStep: stepStride(K),
    valueBatch: N * S * V,
    valueHead: headStride(S, V),
    valueStep: stepStride(V),
    outBatch: N * T * V,
    outHead: headStride(T, V),
    outStep: stepStride(V),
    scratch: heap.addressOf(scratch),
    parts,
    dOut: at('dOut'),
    dQuery: at('dQuery'),
    dKey: at('dKey'),
    dValue: at('dValue'),
  }
  if (backward) heap.exports.attentionGradient(args)
  else heap.exports.attention(args)
  heap.dispose(scratch)
}
