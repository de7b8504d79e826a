import { engine, type NamedTensorInfoMap, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, type KernelCall, type WasmKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import type { Heap } from '../heap.ts'
import { checkRank, checkTensor } from './check.ts'
import { copyOf, isRecording, makeWorkspace, shareAs } from './workspace.ts'

// B batch, T time, I input size, H hidden size, G gates, P floats of a workspace row (assembly/recurrent/arguments.ts)

/** What makes an RNN, an LSTM or a GRU. */
export interface RecurrentKind {
  readonly kernelName: string
  /** The number that assembly/recurrent/arguments.ts gives it. */
  readonly code: 0 | 1 | 2
  readonly gates: 1 | 3 | 4
  /** P / H */
  readonly workspaceRows: 1 | 4 | 5
  readonly hasCell: boolean
  /** Whether the gradients of the two biases differ. */
  readonly hasOwnRecurrentBias: boolean
}

/** The fields of RecurrentArguments. */
export const recurrentWords: readonly string[] = [
  ...['kind', 'batch', 'time', 'inputSize', 'hiddenSize', 'gates', 'pitch', 'reverse', 'relu'],
  ...['x', 'h0', 'c0', 'inputWeight', 'recurrentWeight', 'inputBias', 'recurrentBias', 'lengths'],
  ...['work', 'outputs', 'h', 'c', 'packed', 'packedN', 'scratch'],
  ...['dOutputs', 'dInputWeight', 'dRecurrentWeight', 'dInputBias', 'dRecurrentBias', 'dx'],
  ...['rowsPerPart', 'columnsPerPart', 'projectionParts'],
]

interface Sizes {
  readonly B: number
  readonly T: number
  readonly I: number
  readonly H: number
}

type Inputs = Record<string, TensorInfo>

/** The kernel of a whole sequence, one layer and direction, with its gradient. */
export function recurrentKernel(kind: RecurrentKind): WasmKernel {
  const states = kind.hasCell ? ['h0', 'c0'] : ['h0']
  return defineKernel(kind.kernelName, (call) => forward(kind, call), {
    inputsToSave: ['x', ...states, 'inputWeight', 'recurrentWeight'],
    outputsToSave: [true, ...states.map(() => false), true],
    gradFunc: (dy, saved, attrs) => {
      const { reverse, activation } = attrs as { reverse: boolean; activation?: string }
      const saves = [...saved]
      const inputs: Record<string, Tensor> = { x: saves.shift()! }
      for (const name of states) inputs[name] = saves.shift()!
      ;[inputs['inputWeight'], inputs['recurrentWeight'], inputs['outputs'], inputs['work']] = saves as [
        Tensor,
        Tensor,
        Tensor,
        Tensor,
      ]
      const [dOutputs, dh, dc] = dy as Tensor[]
      const { x, inputWeight, work } = inputs
      const all = { ...inputs, dOutputs, dh, ...(kind.hasCell && { dc }) }
      const attributes = { kind: kind.code, reverse, activation: activation ?? 'tanh' }
      const gradients = engine().runKernel('HeddleRecurrentGradient', all as never, attributes) as unknown as Tensor[]
      const [dInputWeight, dRecurrentWeight, dInputBias, dRecurrentBias, dh0, dc0] = gradients as [
        ...[Tensor, Tensor, Tensor, Tensor, Tensor],
        Tensor | undefined,
      ]
      const dx = () =>
        engine().runKernel(
          'HeddleRecurrentInputGradient',
          { work: work!, inputWeight: inputWeight! },
          {
            shape: x!.shape,
            kind: kind.code,
          },
        ) as Tensor
      return {
        x: dx,
        h0: () => dh0,
        ...(dc0 && { c0: () => dc0 }),
        inputWeight: () => dInputWeight,
        recurrentWeight: () => dRecurrentWeight,
        inputBias: () => dInputBias,
        recurrentBias: () => dRecurrentBias,
      }
    },
  })
}

function forward(kind: RecurrentKind, { inputs, attrs, heap }: KernelCall): TensorInfo[] {
  const { reverse = false, activation = 'tanh' } = attrs as { reverse?: boolean; activation?: string }
  const sizes = checkInputs(kind, inputs, activation)
  const { B, T, H } = sizes
  const { h0, c0, lengths } = inputs as Inputs
  const stepsOfRow = readLengths(kind.kernelName, heap, lengths, B, T)
  const outputs = heap.makeOutput([B, T, H])
  const h = copyOf(heap, h0!)
  const c = kind.hasCell ? copyOf(heap, c0!) : undefined
  // The workspace ends with the lengths.
  const work = makeWorkspace(heap, B * T * kind.workspaceRows * H + B)
  lengthsOf(heap, kind, work, sizes).set(stepsOfRow)
  if (B * T > 0) {
    const packed = makePacked(heap, kind, sizes, false)
    const scratch = heap.makeOutput([kind.gates * H])
    heap.exports.recurrentForward(
      words(heap, kind, sizes, {
        ...addresses(heap, {
          ...(inputs as Inputs),
          work,
          outputs,
          h,
          ...(c && { c }),
          ...(packed && { packed }),
          scratch,
        }),
        lengths: lengthsOf(heap, kind, work, sizes).byteOffset,
        reverse: Number(reverse),
        relu: Number(activation === 'relu'),
      }),
    )
    if (packed) heap.dispose(packed)
    heap.dispose(scratch)
  }
  const results = [outputs, h, ...(c ? [c] : [])]
  if (isRecording()) return [...results, work]
  heap.dispose(work)
  return results
}

/** Gradients of the weights, the biases and the initial states; the workspace then holds those of the gates. */
const recurrentGradient = defineKernel('HeddleRecurrentGradient', ({ inputs, attrs, heap }) => {
  const { reverse, activation } = attrs as { reverse: boolean; activation: string }
  const kind = kinds[attrs['kind'] as number]!
  const { x, h0, work, dOutputs, dh, dc } = inputs as Inputs
  const [B, T, I] = x!.shape as [number, number, number]
  const H = h0!.shape[1]!
  const sizes = { B, T, I, H }
  const G = kind.gates
  useUp(kind.kernelName, heap, work!)
  const dInputWeight = heap.makeOutput([I, G * H])
  const dRecurrentWeight = heap.makeOutput([H, G * H])
  const dInputBias = heap.makeOutput([G * H])
  const h = copyOf(heap, dh!)
  const c = kind.hasCell ? copyOf(heap, dc!) : undefined
  const ownBias = kind.hasOwnRecurrentBias ? heap.makeOutput([G * H]) : undefined
  if (B * T > 0) {
    const packed = makePacked(heap, kind, sizes, true)
    const scratch = heap.makeOutput([B * G * H])
    const gradients = { dOutputs: dOutputs!, dInputWeight, dRecurrentWeight, dInputBias }
    const real = withoutPadding(heap, x!, lengthsOf(heap, kind, work!, sizes))
    heap.exports.recurrentBackward(
      words(heap, kind, sizes, {
        ...addresses(heap, {
          ...(inputs as Inputs),
          ...gradients,
          x: real,
          h,
          ...(c && { c }),
          ...(packed && { packed }),
          scratch,
        }),
        dRecurrentBias: heap.addressOf(ownBias ?? dInputBias),
        lengths: lengthsOf(heap, kind, work!, sizes).byteOffset,
        reverse: Number(reverse),
        relu: Number(activation === 'relu'),
      }),
    )
    if (packed) heap.dispose(packed)
    heap.dispose(scratch)
    if (real !== x) heap.dispose(real)
  } else for (const gradient of [dInputWeight, dRecurrentWeight, dInputBias]) heap.floats(gradient).fill(0)
  if (B * T === 0 && ownBias) heap.floats(ownBias).fill(0)
  const dRecurrentBias = ownBias ?? shareAs(heap, dInputBias, dInputBias.shape)
  return [dInputWeight, dRecurrentWeight, dInputBias, dRecurrentBias, h, ...(c ? [c] : [])]
})

/** The gradient of x, on request: the input of a first layer often needs none. */
const recurrentInputGradient = defineKernel('HeddleRecurrentInputGradient', ({ inputs, attrs, heap }) => {
  const kind = kinds[attrs['kind'] as number]!
  const { work, inputWeight } = inputs as Inputs
  const [B, T, I] = attrs['shape'] as unknown as [number, number, number]
  const dx = heap.makeOutput([B, T, I])
  const H = inputWeight!.shape[1]! / kind.gates
  if (B * T * I > 0) {
    const at = addresses(heap, { work: work!, inputWeight: inputWeight!, dx })
    heap.exports.recurrentInputGradient(words(heap, kind, { B, T, I, H }, at))
  }
  return dx
})

export const recurrentKernels: readonly WasmKernel[] = [recurrentGradient, recurrentInputGradient]

export const rnnKind: RecurrentKind = {
  kernelName: 'HeddleRnnSequence',
  code: 0,
  gates: 1,
  workspaceRows: 1,
  hasCell: false,
  hasOwnRecurrentBias: false,
}
export const lstmKind: RecurrentKind = {
  kernelName: 'HeddleLstmSequence',
  code: 1,
  gates: 4,
  workspaceRows: 5,
  hasCell: true,
  hasOwnRecurrentBias: false,
}
export const gruKind: RecurrentKind = {
  kernelName: 'HeddleGruSequence',
  code: 2,
  gates: 3,
  workspaceRows: 4,
  hasCell: false,
  hasOwnRecurrentBias: true,
}
const kinds = [rnnKind, lstmKind, gruKind]

function checkInputs(kind: RecurrentKind, inputs: NamedTensorInfoMap, activation: string): Sizes {
  const where = kind.kernelName
  const { x, h0, c0, inputWeight, recurrentWeight, inputBias, recurrentBias, lengths } = inputs as Inputs
  checkRank(where, 'x', x, 'B, T, I')
  checkRank(where, 'h0', h0, 'B, H')
  const [B, T, I] = x.shape as [number, number, number]
  const H = h0.shape[1]!
  checkTensor(where, 'h0', h0, [B, H])
  if (kind.hasCell) checkTensor(where, 'c0', c0, [B, H])
  checkTensor(where, 'inputWeight', inputWeight, [I, kind.gates * H])
  checkTensor(where, 'recurrentWeight', recurrentWeight, [H, kind.gates * H])
  checkTensor(where, 'inputBias', inputBias, [kind.gates * H])
  checkTensor(where, 'recurrentBias', recurrentBias, [kind.gates * H])
  if (lengths != null) checkTensor(where, 'lengths', lengths, [B], 'int32')
  if (activation !== 'tanh' && activation !== 'relu') {
    throw new KernelError('usage', `${where}: expected activation tanh or relu, got ${activation}.`)
  }
  return { B, T, I, H }
}

function readLengths(where: string, heap: Heap, lengths: TensorInfo | undefined, B: number, T: number): Int32Array {
  if (lengths == null) return new Int32Array(B).fill(T)
  const values = heap.ints(lengths).slice()
  const wrong = values.find((length) => length < 0 || length > T)
  if (wrong !== undefined) throw new KernelError('shape', `${where}: expected lengths from 0 to ${T}, got ${wrong}.`)
  return values
}

/** Memory for the packed recurrent weight; a single step of very few rows uses the weight as it is. */
function makePacked(
  heap: Heap,
  { gates }: RecurrentKind,
  { B, T, H }: Sizes,
  backward: boolean,
): TensorInfo | undefined {
  return T === 1 && B <= 3 ? undefined : heap.makeOutput([heap.exports.recurrentPackedBytes(gates, H, backward) >>> 2])
}

/** The lengths at the end of a workspace, as a view that holds until the memory grows. */
function lengthsOf(heap: Heap, kind: RecurrentKind, work: TensorInfo, { B, T, H }: Sizes): Int32Array {
  const floats = B * T * kind.workspaceRows * H
  return heap.ints({ ...work, shape: [floats + B] }).subarray(floats)
}

/** x with zeros past the lengths: whatever stands there, even NaN, must not reach the gradient of the weights. */
function withoutPadding(heap: Heap, x: TensorInfo, lengths: Int32Array): TensorInfo {
  const [, T, I] = x.shape as [number, number, number]
  if (lengths.every((length) => length === T)) return x
  const steps = lengths.slice()
  const copy = copyOf(heap, x)
  const values = heap.floats(copy)
  steps.forEach((length, b) => {
    values.fill(0, (b * T + length) * I, (b + 1) * T * I)
  })
  return copy
}

function words(heap: Heap, kind: RecurrentKind, sizes: Sizes, more: Readonly<Record<string, number>>): number {
  const { B, T, I, H } = sizes
  const named: Record<string, number> = {
    kind: kind.code,
    batch: B,
    time: T,
    inputSize: I,
    hiddenSize: H,
    gates: kind.gates,
    pitch: kind.workspaceRows * H,
    ...more,
  }
  return heap.arguments(recurrentWords.map((name) => named[name] ?? 0))
}

function addresses(heap: Heap, tensors: Inputs): Record<string, number> {
  const named: Record<string, number> = {}
  for (const name in tensors) if (recurrentWords.includes(name)) named[name] = heap.addressOf(tensors[name]!)
  return named
}

const usedUp = new WeakSet<object>()

/** The gradient overwrites what the forward pass has kept. */
function useUp(where: string, heap: Heap, work: TensorInfo): void {
  const data = heap.backend.dataIdMap.get(work.dataId)
  if (usedUp.has(data)) {
    throw new KernelError('usage', `${where}: expected its gradient to be taken once, got a second time. Run it again.`)
  }
  usedUp.add(data)
}
