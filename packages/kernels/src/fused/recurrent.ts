import { engine, matMul, type Tensor, type Tensor2D, type TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, type KernelCall, type WasmKernel } from '../define-kernel.ts'
import { CellKind } from '../generated/exports.ts'
import type { Heap } from '../heap.ts'
import {
  addresses,
  checkIds,
  checkInputs,
  type RecurrentInputs,
  type RecurrentKind,
  type RecurrentSizes,
  readLengths,
  sizeArguments,
} from './recurrent-arguments.ts'
import { copyOf, isRecording, makeWorkspace, shareAs, useUp } from './workspace.ts'

// B batch, T time, I input size, H hidden size, G gates, V rows of a table of inputs

/**
 * The kernel of a whole sequence, one layer and direction, with its gradient.
 *
 * With ids [B, T], x is a table [V, I] of which each step reads a row: its product with the weights is then one of V rows
 * instead of B·T, and so are the gradients.
 */
export function recurrentKernel(kind: RecurrentKind): WasmKernel {
  const states = kind.hasCell ? ['h0', 'c0'] : ['h0']
  const savedInputs = ['x', ...states, 'inputWeight', 'recurrentWeight']
  return defineKernel(kind.kernelName, (call) => forward(kind, call), {
    inputsToSave: savedInputs,
    outputsToSave: [true, ...states.map(() => false), true],
    gradFunc: (dy, saved, attrs) => {
      const { reverse, activation } = attrs as { reverse: boolean; activation?: string }
      const names = [...savedInputs, 'outputs', 'work']
      const inputs = Object.fromEntries(names.map((name, i) => [name, saved[i]!]))
      const [dOutputs, dh, dc] = dy as Tensor[]
      const all = { ...inputs, dOutputs, dh, ...(kind.hasCell && { dc }) }
      const attributes = { kind: kind.code, reverse, activation: activation ?? 'tanh' }
      const gradients = engine().runKernel('HeddleRecurrentGradient', all as never, attributes) as unknown as Tensor[]
      const [dInput, dRecurrentWeight, dInputBias, dRecurrentBias, dh0, dc0] = gradients as [
        ...[Tensor, Tensor, Tensor, Tensor, Tensor],
        Tensor | undefined,
      ]
      return {
        ...inputGradients(kind, inputs, dInput),
        h0: () => dh0,
        ...(dc0 && { c0: () => dc0 }),
        recurrentWeight: () => dRecurrentWeight,
        inputBias: () => dInputBias,
        recurrentBias: () => dRecurrentBias,
      }
    },
  })
}

/** Gradients of x and its weights, on request: the input of a first layer often needs none. */
function inputGradients(kind: RecurrentKind, { x, inputWeight, work }: Record<string, Tensor>, dInput: Tensor) {
  if (x!.rank === 2) {
    // dInput [V, G·H] is the gradient of the table's product.
    const [table, weight, dProduct] = [x, inputWeight, dInput] as Tensor[] as [Tensor2D, Tensor2D, Tensor2D]
    return {
      x: () => matMul(dProduct, weight, false, true),
      inputWeight: () => matMul(table, dProduct, true),
    }
  }
  const attributes = { shape: x!.shape, kind: kind.code }
  const sources = { work: work!, inputWeight: inputWeight! }
  return {
    x: () => engine().runKernel('HeddleRecurrentInputGradient', sources, attributes) as Tensor,
    inputWeight: () => dInput,
  }
}

function forward(kind: RecurrentKind, { inputs, attrs, heap }: KernelCall): TensorInfo[] {
  const { reverse = false, activation = 'tanh' } = attrs as { reverse?: boolean; activation?: string }
  const sizes = checkInputs(kind, inputs, activation)
  const { B, T, H, V } = sizes
  const { h0, c0, lengths, ids } = inputs as RecurrentInputs
  if (ids != null) checkIds(kind.kernelName, heap, ids, V)
  const stepsOfRow = readLengths(kind.kernelName, heap, lengths, B, T)
  const outputs = heap.makeOutput([B, T, H])
  const h = copyOf(heap, h0!)
  const c = kind.hasCell ? copyOf(heap, c0!) : undefined
  // The workspace ends with the lengths and the ids: tfjs cannot keep an input for the gradient that may be absent.
  const work = makeWorkspace(heap, B * T * kind.workspaceRows * H + B + (ids == null ? 0 : B * T))
  lengthsOf(heap, kind, work, sizes).set(stepsOfRow)
  if (ids != null) idsOf(heap, kind, work, sizes).set(heap.ints(ids))
  if (B * T > 0) {
    const packed = makePacked(heap, kind, sizes, false)
    const scratch = heap.makeOutput([kind.gates * H])
    const projected = V > 0 ? heap.makeOutput([V, kind.gates * H]) : undefined
    const { x, inputWeight, recurrentWeight, inputBias, recurrentBias } = inputs as RecurrentInputs
    heap.exports.recurrentForward({
      ...sizeArguments(kind, sizes),
      ...addresses(heap, { x, h0, c0, ids, inputWeight, recurrentWeight, inputBias, recurrentBias }),
      ...addresses(heap, { work, outputs, h, c, packed, projected, scratch }),
      lengths: lengthsOf(heap, kind, work, sizes).byteOffset,
      reverse: Number(reverse),
      relu: Number(activation === 'relu'),
    })
    for (const memory of [packed, projected, scratch]) if (memory) heap.dispose(memory)
  }
  const results = [outputs, h, ...(c ? [c] : [])]
  if (isRecording()) return [...results, work]
  heap.dispose(work)
  return results
}

/**
 * Gradients of the weights, the biases and the initial states; the workspace then holds those of the gates. With ids, the
 * first is not that of the input weights but of the table's product with them.
 */
const recurrentGradient = defineKernel('HeddleRecurrentGradient', ({ inputs, attrs, heap }) => {
  const { reverse, activation } = attrs as { reverse: boolean; activation: string }
  const kind = kinds[attrs['kind'] as number]!
  const { x, h0, work, dOutputs, dh, dc } = inputs as RecurrentInputs
  const [B, T] = dOutputs!.shape as [number, number, number]
  const I = x!.shape.at(-1)!
  const H = h0!.shape[1]!
  const V = x!.shape.length === 2 ? x!.shape[0]! : 0
  const sizes = { B, T, I, H, V }
  const G = kind.gates
  useUp(kind.kernelName, heap, work!)
  const dInput = heap.makeOutput([V > 0 ? V : I, G * H])
  const dRecurrentWeight = heap.makeOutput([H, G * H])
  const dInputBias = heap.makeOutput([G * H])
  const h = copyOf(heap, dh!)
  const c = kind.hasCell ? copyOf(heap, dc!) : undefined
  const ownBias = kind.hasOwnRecurrentBias ? heap.makeOutput([G * H]) : undefined
  if (B * T > 0) {
    const packed = makePacked(heap, kind, sizes, true)
    const scratch = heap.makeOutput([B * G * H])
    const real = V > 0 ? x! : withoutPadding(heap, x!, lengthsOf(heap, kind, work!, sizes))
    const { c0, inputWeight, recurrentWeight, outputs } = inputs as RecurrentInputs
    heap.exports.recurrentBackward({
      ...sizeArguments(kind, sizes),
      ...addresses(heap, { x: real, h0, c0, inputWeight, recurrentWeight, work, outputs, h, c, packed, scratch }),
      ...addresses(heap, { [V > 0 ? 'projected' : 'dInputWeight']: dInput }),
      ...addresses(heap, { dOutputs, dRecurrentWeight, dInputBias, dRecurrentBias: ownBias ?? dInputBias }),
      ids: V > 0 ? idsOf(heap, kind, work!, sizes).byteOffset : 0,
      lengths: lengthsOf(heap, kind, work!, sizes).byteOffset,
      reverse: Number(reverse),
      relu: Number(activation === 'relu'),
    })
    if (packed) heap.dispose(packed)
    heap.dispose(scratch)
    if (real !== x) heap.dispose(real)
  } else for (const gradient of [dInput, dRecurrentWeight, dInputBias]) heap.floats(gradient).fill(0)
  if (B * T === 0 && ownBias) heap.floats(ownBias).fill(0)
  const dRecurrentBias = ownBias ?? shareAs(heap, dInputBias, dInputBias.shape)
  return [dInput, dRecurrentWeight, dInputBias, dRecurrentBias, h, ...(c ? [c] : [])]
})

/** The gradient of x, on request: the input of a first layer often needs none. */
const recurrentInputGradient = defineKernel('HeddleRecurrentInputGradient', ({ inputs, attrs, heap }) => {
  const kind = kinds[attrs['kind'] as number]!
  const { work, inputWeight } = inputs as RecurrentInputs
  const [B, T, I] = attrs['shape'] as unknown as [number, number, number]
  const dx = heap.makeOutput([B, T, I])
  const H = inputWeight!.shape[1]! / kind.gates
  if (B * T * I > 0) {
    heap.exports.recurrentInputGradient({
      ...sizeArguments(kind, { B, T, I, H, V: 0 }),
      ...addresses(heap, { work, inputWeight, dx }),
    })
  }
  return dx
})

export const recurrentKernels: readonly WasmKernel[] = [recurrentGradient, recurrentInputGradient]

export const rnnKind: RecurrentKind = {
  kernelName: 'HeddleRnnSequence',
  code: CellKind.RNN,
  gates: 1,
  workspaceRows: 1,
  hasCell: false,
  hasOwnRecurrentBias: false,
}
export const lstmKind: RecurrentKind = {
  kernelName: 'HeddleLstmSequence',
  code: CellKind.LSTM,
  gates: 4,
  workspaceRows: 5,
  hasCell: true,
  hasOwnRecurrentBias: false,
}
export const gruKind: RecurrentKind = {
  kernelName: 'HeddleGruSequence',
  code: CellKind.GRU,
  gates: 3,
  workspaceRows: 4,
  hasCell: false,
  hasOwnRecurrentBias: true,
}
const kinds = [rnnKind, lstmKind, gruKind]

/** Memory for the packed recurrent weight; a single step of very few rows uses the weight as it is. */
function makePacked(
  heap: Heap,
  { gates }: RecurrentKind,
  { B, T, H }: RecurrentSizes,
  backward: boolean,
): TensorInfo | undefined {
  return T === 1 && B <= 3 ? undefined : heap.makeOutput([heap.exports.recurrentPackedBytes(gates, H, backward) >>> 2])
}

/** The lengths at the end of a workspace, as a view that holds until the memory grows. */
function lengthsOf(heap: Heap, kind: RecurrentKind, work: TensorInfo, { B, T, H }: RecurrentSizes): Int32Array {
  const floats = B * T * kind.workspaceRows * H
  return heap.ints({ ...work, shape: [floats + B] }).subarray(floats)
}

/** The ids after them. */
function idsOf(heap: Heap, kind: RecurrentKind, work: TensorInfo, { B, T, H }: RecurrentSizes): Int32Array {
  const before = B * T * kind.workspaceRows * H + B
  return heap.ints({ ...work, shape: [before + B * T] }).subarray(before)
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
