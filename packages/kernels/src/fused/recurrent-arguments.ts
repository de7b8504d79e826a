import type { NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core'
import { KernelError } from '../errors.ts'
import type { CellKind } from '../generated/exports.ts'
import type { Heap } from '../heap.ts'
import { checkRank, checkTensor } from './check.ts'

// B batch, T time, I input size, H hidden size, G gates, V rows of a table of inputs,
// P floats of a workspace row (assembly/recurrent/arguments.ts)

/** The properties that tell RNN, LSTM and GRU apart. */
export interface RecurrentKind {
  readonly kernelName: string
  readonly code: (typeof CellKind)[keyof typeof CellKind]
  readonly gates: 1 | 3 | 4
  /** P / H */
  readonly workspaceRows: 1 | 4 | 5
  readonly hasCell: boolean
  /** Whether the gradients of the two biases differ. */
  readonly hasOwnRecurrentBias: boolean
}

export interface RecurrentSizes {
  readonly B: number
  readonly T: number
  readonly I: number
  readonly H: number
  /** 0 unless x is a table. */
  readonly V: number
}

export type RecurrentInputs = Record<string, TensorInfo>

/**
 * The sizes of a call. x is [B, T, I], or with ids [B, T] a table [V, I].
 *
 * @throws KernelError where inputs do not fit together
 */
export function checkInputs(kind: RecurrentKind, inputs: NamedTensorInfoMap, activation: string): RecurrentSizes {
  const where = kind.kernelName
  const { x, h0, c0, inputWeight, recurrentWeight, inputBias, recurrentBias, lengths, ids } = inputs as RecurrentInputs
  if (ids == null) checkRank(where, 'x', x, 'B, T, I')
  else {
    checkRank(where, 'x', x, 'V, I')
    checkRank(where, 'ids', ids, 'B, T', 'int32')
  }
  checkRank(where, 'h0', h0, 'B, H')
  const [B, T] = (ids ?? x).shape as [number, number]
  const I = x.shape.at(-1)!
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
  return { B, T, I, H, V: ids == null ? 0 : x.shape[0]! }
}

/** @throws KernelError where an id is not a row of a table of V rows */
export function checkIds(where: string, heap: Heap, ids: TensorInfo, V: number): void {
  const wrong = heap.ints(ids).find((id) => id < 0 || id >= V)
  if (wrong !== undefined) throw new KernelError('shape', `${where}: expected ids from 0 to ${V - 1}, got ${wrong}.`)
}

/** Number of steps of each row that count: all T unless lengths are given. */
export function readLengths(
  where: string,
  heap: Heap,
  lengths: TensorInfo | undefined,
  B: number,
  T: number,
): Int32Array {
  if (lengths == null) return new Int32Array(B).fill(T)
  const values = heap.ints(lengths).slice()
  const wrong = values.find((length) => length < 0 || length > T)
  if (wrong !== undefined) throw new KernelError('shape', `${where}: expected lengths from 0 to ${T}, got ${wrong}.`)
  return values
}

/** The arguments that every recurrent kernel takes. */
export function sizeArguments(kind: RecurrentKind, { B, T, I, H, V }: RecurrentSizes) {
  const pitch = kind.workspaceRows * H
  return {
    kind: kind.code,
    batch: B,
    time: T,
    inputSize: I,
    hiddenSize: H,
    gates: kind.gates,
    pitch,
    tableRows: V,
  }
}

/** The addresses of tensors, by their names; 0 for what is not given. */
export function addresses<Name extends string>(
  heap: Heap,
  tensors: Readonly<Partial<Record<Name, TensorInfo | undefined>>>,
): Record<Name, number> {
  const named = {} as Record<Name, number>
  for (const name in tensors) {
    const tensor = tensors[name]
    named[name] = tensor == null ? 0 : heap.addressOf(tensor)
  }
  return named
}
