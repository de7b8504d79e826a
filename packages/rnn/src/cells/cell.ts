import type { MemoryAttention, PreparedMemory } from '@heddle/attention'
import { ExtensionPoint, HeddleError } from '@heddle/core'
import { type BuildContext, Module } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'

// B batch, T time, S steps of a memory, I input size, H hidden size, M memory size, V rows of a table

/**
 * State of a recurrent layer, one direction: tensors with the batch first (RNN and GRU: [h]; LSTM: [h, c]). The first is the
 * hidden state [B, H], which is also the output of the step that made it.
 */
export type RecurrentState = readonly tf.Tensor[]

export interface StepOptions {
  /** Multiplies the hidden state where it meets the recurrent weights: [B, H], the same at every step of a sequence. */
  readonly recurrentMask?: tf.Tensor
}

export interface StepOutput {
  /** [B, H] */
  readonly output: tf.Tensor
  readonly state: RecurrentState
}

export interface SequenceOptions {
  /** Steps of each row that count, [B], int32; all of them when left out. */
  readonly lengths?: tf.Tensor
  /** Whether time runs from the last step to the first. */
  readonly reverse: boolean
  /** [B, T], int32: x is a table [V, I], of which each step reads a row. Only for cells that are `tableReading`. */
  readonly ids?: tf.Tensor
}

export interface SequenceOutput {
  /** [B, T, H]; zero past a row's length */
  readonly outputs: tf.Tensor
  /** The state after the last step that counts. */
  readonly state: RecurrentState
}

/** What a cell makes of a sequence when attention comes before each of its steps. */
export interface AttendedOutput extends SequenceOutput {
  /** [B, T, M] */
  readonly contexts: tf.Tensor
  /** [B, T, S] */
  readonly weights: tf.Tensor
}

/** One step of a recurrent network. A cell that only has `forward` runs over sequences just as well, step by step. */
export abstract class RecurrentCell extends Module {
  abstract readonly inputSize: number
  abstract readonly hiddenSize: number
  /** Size of the last axis of each state tensor; the first is `hiddenSize`. */
  abstract readonly stateSizes: readonly number[]
  /** Whether `forward` heeds `recurrentMask`, so that the cell can be trained with variational dropout of its state. */
  readonly maskable: boolean = false
  /** Whether `sequence` heeds `ids`: the product of its input weights is then one with the table instead of with every step. */
  readonly tableReading: boolean = false

  /** @param x [B, I] */
  abstract override forward(x: tf.Tensor, state: RecurrentState, options?: StepOptions): StepOutput

  /**
   * A capability: the cell has a faster way to run a whole sequence than step by step.
   *
   * @param x [B, T, I], or a table [V, I] where the options have ids
   */
  sequence?(x: tf.Tensor, state: RecurrentState, options: SequenceOptions): SequenceOutput

  /**
   * A capability: the cell has a faster way to run over time when the query of each step is its state before the step and its
   * input is [x, context].
   *
   * @param x [B, T, E], with E + M the cell's input size
   * @returns undefined when there is no faster way with this attention
   */
  attendedSequence?(
    x: tf.Tensor,
    state: RecurrentState,
    attention: MemoryAttention,
    source: PreparedMemory,
  ): AttendedOutput | undefined
}

/** What building a cell needs besides its config. */
export interface CellContext extends BuildContext {
  readonly inputSize: number
  readonly hiddenSize: number
}

/** Recurrent cells: what runs inside {@link Recurrent}, and so inside every recurrent model. */
export const cellPoint = new ExtensionPoint<RecurrentCell, CellContext>('cell')

/** The state of zeros that a sequence starts from. */
export function zeroState(cell: RecurrentCell, B: number): RecurrentState {
  return cell.stateSizes.map((size) => tf.zeros([B, size]))
}

/** @throws HeddleError `shape` unless x is [B, I] and the state has the cell's sizes */
export function checkStepInputs(cell: RecurrentCell, x: tf.Tensor, state: RecurrentState): void {
  checkInput(cell, x, 'B')
  checkState(cell, x.shape[0]!, state)
}

/** @throws HeddleError `shape` unless x is [B, T, I], or with ids [B, T] a table [V, I], and the state has the cell's sizes */
export function checkSequenceInputs(cell: RecurrentCell, x: tf.Tensor, state: RecurrentState, ids?: tf.Tensor): void {
  checkInput(cell, x, ids === undefined ? 'B, T' : 'V')
  if (ids !== undefined && (ids.rank !== 2 || ids.dtype !== 'int32')) {
    throw new HeddleError(
      'shape',
      `${cell.constructor.name}: expected ids [B, T] of int32, got ${ids.dtype} [${ids.shape}].`,
    )
  }
  checkState(cell, (ids ?? x).shape[0]!, state)
}

function checkInput(cell: RecurrentCell, x: tf.Tensor, axes: 'B' | 'B, T' | 'V'): void {
  const rank = axes === 'B, T' ? 3 : 2
  if (x.rank === rank && x.shape[rank - 1] === cell.inputSize) return
  throw new HeddleError('shape', `${cell.constructor.name}: expected x [${axes}, ${cell.inputSize}], got [${x.shape}].`)
}

function checkState(cell: RecurrentCell, B: number, state: RecurrentState): void {
  const fits =
    state.length === cell.stateSizes.length &&
    state.every(({ shape }, i) => shape.length === 2 && shape[0] === B && shape[1] === cell.stateSizes[i])
  if (!fits) {
    throw new HeddleError(
      'shape',
      `${cell.constructor.name}: expected state ${cell.stateSizes.map((size) => `[${B}, ${size}]`).join(', ')}, got ${
        state.map(({ shape }) => `[${shape}]`).join(', ') || 'none'
      }.`,
    )
  }
}
