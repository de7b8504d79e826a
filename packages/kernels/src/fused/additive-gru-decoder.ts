import { engine, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, type KernelCall, type WasmKernel } from '../define-kernel.ts'
import { CellKind } from '../generated/exports.ts'
import type { Heap } from '../heap.ts'
import { checkRank, checkTensor } from './check.ts'
import { addresses } from './recurrent-arguments.ts'
import { copyOf, isRecording, makeWorkspace, useUp } from './workspace.ts'

// B batch, T steps of the target, S steps of the source, E size of x, H hidden size, M memory size, A attention size

interface Sizes {
  readonly B: number
  readonly T: number
  readonly S: number
  readonly E: number
  readonly H: number
  readonly M: number
  readonly A: number
}

type Inputs = Record<string, TensorInfo>

const savedInputs = ['x', 'h0', 'memory', 'keys', 'queryWeight', 'scoreWeight', 'inputWeight', 'recurrentWeight']

/**
 * 'HeddleAdditiveGruDecoder': the whole time loop of a one-layer GRU decoder with additive attention, for a known target.
 *
 *     weights_t = softmax(scoreWeight·tanh(queryWeight·h_{t-1} + keys) + bias), context_t = weights_t·memory,
 *     h_t = GRU([x_t, context_t], h_{t-1})
 *
 * Inputs x [B, T, E], h0 [B, H], memory [B, S, M], keys [B, S, A], bias [B, S] or none, queryWeight [H, A], scoreWeight [A, 1],
 * inputWeight [E + M, 3H], recurrentWeight [H, 3H], inputBias and recurrentBias [3H]. Outputs h [B, T, H], contexts [B, T, M],
 * weights [B, T, S].
 *
 * @see Bahdanau et al. 2015, "Neural machine translation by jointly learning to align and translate"
 */
const decoder = defineKernel('HeddleAdditiveGruDecoder', forward, {
  inputsToSave: savedInputs,
  outputsToSave: [true, true, true, true],
  gradFunc: (dy, saved) => {
    const names = [...savedInputs, 'outputs', 'contexts', 'weights', 'work']
    const inputs = Object.fromEntries(names.map((name, i) => [name, saved[i]!]))
    const [dOutputs, dContexts, dWeights] = dy as Tensor[]
    const all = { ...inputs, dOutputs: dOutputs!, dContexts: dContexts!, dWeights: dWeights! }
    const gradients = engine().runKernel('HeddleAdditiveGruDecoderGradient', all) as unknown as Tensor[]
    const gradientNames = ['x', 'h0', 'memory', 'keys', 'queryWeight', 'scoreWeight', 'inputWeight', 'recurrentWeight']
    gradientNames.push('inputBias', 'recurrentBias', 'bias')
    return Object.fromEntries(gradients.map((gradient, i) => [gradientNames[i]!, () => gradient]))
  },
})

function forward({ inputs, heap }: KernelCall): TensorInfo[] {
  const sizes = checkInputs(inputs as Inputs)
  const { B, T, S, H, M, A } = sizes
  const { h0, bias } = inputs as Inputs
  const outputs = heap.makeOutput([B, T, H])
  const contexts = heap.makeOutput([B, T, M])
  const weights = heap.makeOutput([B, T, S])
  // The workspace ends with the lengths that the recurrent code asks for; the note says whether there is a bias.
  const work = makeWorkspace(heap, B * T * (4 * H + A) + B, [Number(bias != null)])
  if (B * T > 0) {
    lengthsOf(heap, work, sizes).fill(T)
    const scratch = {
      h: copyOf(heap, h0!),
      packed: heap.makeOutput([heap.exports.recurrentPackedBytes(3, H, false) >>> 2]),
      packedQuery: heap.makeOutput([heap.exports.packedBBytes(H, A) >>> 2]),
      packedContext: heap.makeOutput([heap.exports.packedBBytes(M, 3 * H) >>> 2]),
      scratch: heap.makeOutput([3 * H]),
      squashed: heap.makeOutput([B, A]),
    }
    const { x, memory, keys, queryWeight, scoreWeight } = inputs as Inputs
    const { inputWeight, recurrentWeight, inputBias, recurrentBias } = inputs as Inputs
    heap.exports.decoderForward({
      ...sizeArguments(heap, sizes, work),
      ...addresses(heap, { x, h0, memory, keys, bias, queryWeight, scoreWeight }),
      ...addresses(heap, { inputWeight, recurrentWeight, inputBias, recurrentBias }),
      ...addresses(heap, { outputs, contexts, weights, ...scratch }),
    })
    for (const tensor of Object.values(scratch)) heap.dispose(tensor)
  }
  if (isRecording()) return [outputs, contexts, weights, work]
  heap.dispose(work)
  return [outputs, contexts, weights]
}

const gradient = defineKernel('HeddleAdditiveGruDecoderGradient', ({ inputs, heap }) => {
  const tensors = inputs as Inputs
  const { x, h0, memory, keys, queryWeight, scoreWeight, inputWeight, recurrentWeight, work } = tensors as Record<
    'x' | 'h0' | 'memory' | 'keys' | 'queryWeight' | 'scoreWeight' | 'inputWeight' | 'recurrentWeight' | 'work',
    TensorInfo
  >
  const [B, T, E] = x.shape as [number, number, number]
  const [, S, M] = memory.shape as [number, number, number]
  const H = h0.shape[1]!
  const A = keys.shape[2]!
  const sizes = { B, T, S, E, H, M, A }
  useUp('HeddleAdditiveGruDecoder', heap, work)
  const like = (tensor: TensorInfo) => heap.makeOutput(tensor.shape)
  const gradients = {
    dx: like(x),
    h: like(h0),
    dMemory: like(memory),
    dKeys: like(keys),
    dQueryWeight: like(queryWeight),
    dScoreWeight: like(scoreWeight),
    dInputWeight: like(inputWeight),
    dRecurrentWeight: like(recurrentWeight),
    dInputBias: heap.makeOutput([3 * H]),
    dRecurrentBias: heap.makeOutput([3 * H]),
    ...(work.shape[1] === 1 && { dBias: heap.makeOutput([B, S]) }),
  }
  heap.floats(gradients.h).fill(0)
  if (B * T > 0) {
    const scratch = {
      packed: heap.makeOutput([heap.exports.recurrentPackedBytes(3, H, true) >>> 2]),
      packedQuery: heap.makeOutput([heap.exports.packedBBytes(A, H) >>> 2]),
      packedContext: heap.makeOutput([heap.exports.packedBBytes(3 * H, M) >>> 2]),
      scratch: heap.makeOutput([B, 3 * H + A]),
      dContext: heap.makeOutput([B, M]),
      dScores: heap.makeOutput([B, S]),
      dScoreRows: heap.makeOutput([B, A]),
    }
    const { outputs: h, contexts, weights, dOutputs, dContexts, dWeights } = tensors
    heap.exports.decoderBackward({
      ...sizeArguments(heap, sizes, work),
      ...addresses(heap, { x, h0, memory, keys, queryWeight, scoreWeight, inputWeight, recurrentWeight }),
      ...addresses(heap, { contexts, weights, dOutputs, dContexts, dWeights }),
      ...addresses(heap, { ...gradients, ...scratch, outputs: h }),
    })
    for (const tensor of Object.values(scratch)) heap.dispose(tensor)
  } else for (const tensor of Object.values(gradients)) heap.floats(tensor).fill(0)
  return Object.values(gradients)
})

export const decoderKernels: readonly WasmKernel[] = [decoder, gradient]

function checkInputs(inputs: Inputs): Sizes {
  const where = 'HeddleAdditiveGruDecoder'
  const { x, h0, memory, keys, bias, queryWeight, scoreWeight, inputWeight, recurrentWeight } = inputs
  checkRank(where, 'x', x, 'B, T, E')
  checkRank(where, 'h0', h0, 'B, H')
  checkRank(where, 'memory', memory, 'B, S, M')
  checkRank(where, 'keys', keys, 'B, S, A')
  const [B, T, E] = x.shape as [number, number, number]
  const H = h0.shape[1]!
  const [, S, M] = memory.shape as [number, number, number]
  const A = keys.shape[2]!
  checkTensor(where, 'h0', h0, [B, H])
  checkTensor(where, 'memory', memory, [B, S, M])
  checkTensor(where, 'keys', keys, [B, S, A])
  if (bias != null) checkTensor(where, 'bias', bias, [B, S])
  checkTensor(where, 'queryWeight', queryWeight, [H, A])
  checkTensor(where, 'scoreWeight', scoreWeight, [A, 1])
  checkTensor(where, 'inputWeight', inputWeight, [E + M, 3 * H])
  checkTensor(where, 'recurrentWeight', recurrentWeight, [H, 3 * H])
  checkTensor(where, 'inputBias', inputs['inputBias'], [3 * H])
  checkTensor(where, 'recurrentBias', inputs['recurrentBias'], [3 * H])
  return { B, T, S, E, H, M, A }
}

/** The lengths at the end of a workspace, as a view that holds until the memory grows. */
function lengthsOf(heap: Heap, work: TensorInfo, { B, T, H, A }: Sizes): Int32Array {
  const floats = B * T * (4 * H + A)
  return heap.ints({ ...work, shape: [floats + B] }).subarray(floats)
}

/** Sizes and workspace, as both directions take them. */
function sizeArguments(heap: Heap, { B, T, S, E, H, M, A }: Sizes, work: TensorInfo) {
  const address = heap.addressOf(work)
  return {
    ...{ kind: CellKind.GRU, batch: B, time: T, inputSize: E, hiddenSize: H, gates: 3, pitch: 4 * H + A },
    ...{ sourceTime: S, memorySize: M, attentionSize: A },
    ...{ work: address, lengths: address + 4 * B * T * (4 * H + A) },
  }
}
