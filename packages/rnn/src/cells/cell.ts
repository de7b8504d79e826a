import type { MemoryAttention, PreparedMemory } from '@heddle/attention'
import { ExtensionPoint, HeddleError } from '@heddle/core'
import { type BuildContext, Module, type Parameter } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'

// B batch, T time, S steps of a memory, I input size, H hidden size, M memory size, V rows of a table

/**
 * State of a recurrent layer in one direction: tensors with the batch first (RNN and GRU: [h]; LSTM: [h, c]). The first is the
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
  /** Number of real steps in each row, [B], int32; all when missing. */
  readonly lengths?: tf.Tensor
  /** Whether time runs from the last step to the first. */
  readonly reverse: boolean
  /** [B, T], int32: x is a table [V, I], of which each step reads a row. Only for cells with `tableReading`. */
  readonly ids?: tf.Tensor
}

export interface SequenceOutput {
  /** [B, T, H]; zero past a row's length */
  readonly outputs: tf.Tensor
  /** State after the last real step. */
  readonly state: RecurrentState
}

/** Output of a cell for a sequence with attention before each step. */
export interface AttendedOutput extends SequenceOutput {
  /** [B, T, M] */
  readonly contexts: tf.Tensor
  /** [B, T, S] */
  readonly weights: tf.Tensor
}

/**
 * One step of a recurrent network. `forward` is all that a cell needs; {@link Recurrent} runs it over sequences, in layers and
 * directions. The optional members are capabilities that make it faster or let tools look inside.
 */
export abstract class RecurrentCell extends Module {
  abstract readonly inputSize: number
  abstract readonly hiddenSize: number
  /** Size of the last axis of each state tensor; the first is `hiddenSize`. */
  abstract readonly stateSizes: readonly number[]
  /** Capability: `forward` applies `recurrentMask`, so the cell can be trained with variational dropout of its state. */
  readonly maskable: boolean = false
  /** Capability: `sequence` takes `ids`, so its input weights meet the table once and not every step. */
  readonly tableReading: boolean = false
  /** Capability: names of the gates, each [B, H] with values from 0 to 1, that `forward` reports with `observe`. */
  readonly gates: readonly string[] = []
  /** Capability: name under which `forward` reports a memory [B, H] besides the hidden state, such as the c of an LSTM. */
  readonly memory?: string
  /** Capability: weights that multiply the hidden state, [H, G·H] for G gates. */
  declare readonly recurrentWeight?: Parameter

  /** @param x [B, I] */
  abstract override forward(x: tf.Tensor, state: RecurrentState, options?: StepOptions): StepOutput

  /** State that a sequence starts from when none is given: zeros. */
  initialState(B: number): RecurrentState {
    return this.stateSizes.map((size) => tf.zeros([B, size]))
  }

  /**
   * Capability: a way to run a whole sequence that is faster than step by step.
   *
   * @param x [B, T, I], or a table [V, I] where the options have ids
   */
  sequence?(x: tf.Tensor, state: RecurrentState, options: SequenceOptions): SequenceOutput

  /**
   * Capability: a faster way to run over time when each step attends with the state before it and reads [x, context].
   *
   * @param x [B, T, E], with E + M the cell's input size
   * @returns undefined for an attention that it cannot run
   */
  attendedSequence?(
    x: tf.Tensor,
    state: RecurrentState,
    attention: MemoryAttention,
    source: PreparedMemory,
  ): AttendedOutput | undefined
}

/** Whether a module is a recurrent cell, by its members and not by its class. */
export function isRecurrentCell(module: Module): module is RecurrentCell {
  const { stateSizes, hiddenSize, initialState } = module as Partial<RecurrentCell>
  return stateSizes !== undefined && hiddenSize !== undefined && initialState !== undefined
}

/** Context in which a cell is built. */
export interface CellContext extends BuildContext {
  readonly inputSize: number
  readonly hiddenSize: number
}

/** Recurrent cells: one step of a recurrent network, for every recurrent model. */
export const cellPoint = new ExtensionPoint<RecurrentCell, CellContext>('cell')

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
