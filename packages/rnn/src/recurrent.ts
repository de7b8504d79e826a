import { HeddleError, parseConfig, type RandomStream } from '@heddle/core'
import { dropout, embedding, Module, observe, type PyTorchModule, type PyTorchSource } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import type { RecurrentCell, RecurrentState, SequenceOptions, SequenceOutput } from './cells/cell.ts'
import { runSteps, withoutPadding } from './cells/run-steps.ts'
import { InitialState } from './initial-state.ts'

// B batch, T time, I input size, H hidden size, D directions (1 or 2), V rows of a table

export const recurrentConfig = z.strictObject({
  dropout: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('share of the features between layers that training sets to zero, others at every step'),
  inputDropout: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe("share of each layer's input that training sets to zero, the same at all steps"),
  recurrentDropout: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('share of the hidden state that training hides from the recurrent weights, the same at all steps'),
  initialState: z
    .enum(['zeros', 'learned'])
    .default('zeros')
    .describe("state before the first step when none is given: 'zeros', or a 'learned' one for each layer"),
})
export type RecurrentConfig = z.input<typeof recurrentConfig>

/** One layer: a cell, and in a bidirectional layer a second one that reads from the end to the start. */
export interface RecurrentLayer {
  readonly forward: RecurrentCell
  readonly backward?: RecurrentCell
}

export interface RecurrentOptions {
  /** Initial state of each layer and direction, layer by layer (PyTorch's h[layer·D + direction]). */
  readonly state?: readonly RecurrentState[]
  /** Number of real steps in each row, [B], int32; all when missing. */
  readonly lengths?: tf.Tensor
}

/** Steps that are rows of a table, such as token vectors: the same as `embedding(ids, table)`, not yet looked up. */
export interface TableRows {
  /** [B, T], int32 */
  readonly ids: tf.Tensor
  /** [V, I] */
  readonly table: tf.Tensor
}

export interface RecurrentOutput {
  /** [B, T, D·H]; zero past a row's length */
  readonly outputs: tf.Tensor
  /** State of each layer and direction after its last real step. */
  readonly state: readonly RecurrentState[]
}

export interface RecurrentStep {
  /** [B, H] of the last layer */
  readonly output: tf.Tensor
  readonly state: readonly RecurrentState[]
}

/**
 * Runs any cells over time, in layers, in one or both directions.
 *
 * A layer reads the outputs of the one below; the two directions of a layer are joined on the last axis. Steps past a row's
 * length change neither state nor gradient.
 *
 * @see Schuster & Paliwal 1997, "Bidirectional recurrent neural networks"; Gal & Ghahramani 2016, "A theoretically grounded
 * application of dropout in recurrent neural networks", for one mask at all steps
 */
export class Recurrent extends Module {
  readonly layers: readonly RecurrentLayer[]
  /** `initialState.forward(B)` is the state that a sequence starts from when none is given. */
  readonly initialState: InitialState
  readonly dropout: number
  readonly inputDropout: number
  readonly recurrentDropout: number
  readonly rng: RandomStream

  constructor(layers: readonly RecurrentLayer[], config: RecurrentConfig, rng: RandomStream) {
    super()
    const parsed = parseConfig('Recurrent', recurrentConfig, config)
    this.layers = [...layers]
    this.dropout = parsed.dropout
    this.inputDropout = parsed.inputDropout
    this.recurrentDropout = parsed.recurrentDropout
    checkLayers(this.layers, parsed.recurrentDropout)
    this.rng = rng.split()
    this.initialState = new InitialState(this.cells, parsed.initialState, rng)
  }

  /** Capability: names under which `forward` reports the outputs of each layer, [B, T, D·H], with `observe`. */
  get layerOutputs(): readonly string[] {
    return this.layers.map((_, layer) => `outputs.${layer}`)
  }

  /** Every cell, layer by layer, the forward direction first. */
  get cells(): readonly RecurrentCell[] {
    return this.layers.flatMap(({ forward, backward }) => (backward === undefined ? [forward] : [forward, backward]))
  }

  get inputSize(): number {
    return this.layers[0]!.forward.inputSize
  }

  /** Size of an output: D·H of the last layer. */
  get outputSize(): number {
    return layerSize(this.layers.at(-1)!)
  }

  /**
   * @param input [B, T, I], or rows of a table; a table with fewer rows than there are steps meets the input weights in place of
   * the steps
   */
  override forward(input: tf.Tensor | TableRows, { state, lengths }: RecurrentOptions = {}): RecurrentOutput {
    if (!(input instanceof tf.Tensor) && !this.#multipliesTable(input)) {
      return this.forward(embedding(input.ids, input.table), { ...(state && { state }), ...(lengths && { lengths }) })
    }
    const { x, ids } = input instanceof tf.Tensor ? { x: input } : { x: input.table, ids: input.ids }
    const [B, T] = (ids ?? x).shape
    if (ids === undefined && (x.rank !== 3 || x.shape[2] !== this.inputSize)) {
      throw new HeddleError('shape', `Recurrent: expected x [B, T, ${this.inputSize}], got [${x.shape}].`)
    }
    if (lengths !== undefined && (lengths.rank !== 1 || lengths.shape[0] !== B || lengths.dtype !== 'int32')) {
      throw new HeddleError(
        'shape',
        `Recurrent: expected lengths [${B}] of int32, got ${lengths.dtype} [${lengths.shape}].`,
      )
    }
    if (T === 0) throw new HeddleError('shape', `Recurrent: expected at least one step in time, got x [${x.shape}].`)
    const start = this.#checked(state ?? this.initialState.forward(B!))
    const end: RecurrentState[] = []
    let current = x
    this.layers.forEach(({ forward, backward }, layer) => {
      const seen = this.#dropInput(this.#dropBetween(current, layer))
      const runs = (backward === undefined ? [forward] : [forward, backward]).map((cell, direction) => {
        const run = this.#run(cell, seen, start[end.length]!, {
          reverse: direction === 1,
          ...(lengths && { lengths }),
          ...(layer === 0 && ids && { ids }),
        })
        end.push(run.state)
        return run.outputs
      })
      current = runs.length === 1 ? runs[0]! : tf.concat(runs, 2) // [B, T, D·H]
      observe(this, this.layerOutputs[layer]!, current)
    })
    return { outputs: current, state: end }
  }

  /**
   * One step of all layers, in one direction: for decoding, where the next input depends on this output.
   *
   * @param x [B, I]
   * @param state of each layer, from {@link initialState} or an earlier step
   */
  step(x: tf.Tensor, state: readonly RecurrentState[]): RecurrentStep {
    if (this.cells.length !== this.layers.length) {
      throw new HeddleError('usage', 'Recurrent.step: expected one direction, got two. A step cannot see the future.')
    }
    if (this.training && (this.inputDropout > 0 || this.recurrentDropout > 0)) {
      throw new HeddleError(
        'usage',
        'Recurrent.step: expected no inputDropout or recurrentDropout in training: their masks are for a whole sequence. Use forward, or setTraining(model, false).',
      )
    }
    const start = this.#checked(state)
    const end: RecurrentState[] = []
    let output = x
    this.layers.forEach(({ forward: cell }, layer) => {
      const next = cell.forward(this.#dropBetween(output, layer), start[layer]!)
      end.push(next.state)
      output = next.output // [B, H]
    })
    return { output, state: end }
  }

  #run(cell: RecurrentCell, x: tf.Tensor, state: RecurrentState, options: SequenceOptions): SequenceOutput {
    if (this.training && this.recurrentDropout > 0) {
      const recurrentMask = dropout(tf.ones([x.shape[0]!, cell.hiddenSize]), this.recurrentDropout, this.rng)
      return runSteps(withoutPadding(x, options.lengths), state, options, (input, before) =>
        cell.forward(input, before, { recurrentMask }),
      )
    }
    if (cell.sequence !== undefined) return cell.sequence(x, state, options)
    return runSteps(withoutPadding(x, options.lengths), state, options, (input, before) => cell.forward(input, before))
  }

  #multipliesTable({ ids, table }: TableRows): boolean {
    const { forward, backward } = this.layers[0]!
    const drops = this.training && (this.inputDropout > 0 || this.recurrentDropout > 0)
    const reads = [forward, backward].every((cell) => cell === undefined || cell.tableReading)
    return reads && !drops && 2 * table.shape[0]! <= ids.size
  }

  #dropBetween(x: tf.Tensor, layer: number): tf.Tensor {
    return layer > 0 && this.training ? dropout(x, this.dropout, this.rng) : x
  }

  /** One mask for all steps of x [B, T, I]. */
  #dropInput(x: tf.Tensor): tf.Tensor {
    if (!this.training || this.inputDropout === 0) return x
    const [B, , I] = x.shape as [number, number, number]
    return tf.mul(x, dropout(tf.ones([B, 1, I]), this.inputDropout, this.rng))
  }

  #checked(state: readonly RecurrentState[]): readonly RecurrentState[] {
    const expected = this.cells.length
    if (state.length !== expected) {
      throw new HeddleError(
        'shape',
        `Recurrent: expected ${expected} states, one for each layer and direction, got ${state.length}.`,
      )
    }
    return state
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { recurrent } = await import('./pytorch/recurrent.ts')
    return recurrent(this, source)
  }
}

function layerSize({ forward, backward }: RecurrentLayer): number {
  return forward.hiddenSize + (backward?.hiddenSize ?? 0)
}

function checkLayers(layers: readonly RecurrentLayer[], recurrentDropout: number): void {
  if (layers.length === 0) throw new HeddleError('config', 'Recurrent: expected at least one layer, got none.')
  layers.forEach((layer, i) => {
    const expected = i === 0 ? layer.forward.inputSize : layerSize(layers[i - 1]!)
    for (const cell of [layer.forward, layer.backward]) {
      if (cell === undefined) continue
      const where = `Recurrent: layer ${i} (${cell.constructor.name})`
      if (cell.inputSize !== expected) {
        throw new HeddleError('config', `${where}: expected inputSize ${expected}, got ${cell.inputSize}.`)
      }
      if (cell.stateSizes[0] !== cell.hiddenSize) {
        throw new HeddleError(
          'config',
          `${where}: expected stateSizes to start with hiddenSize (${cell.hiddenSize}), got [${cell.stateSizes}]. Put the hidden state first.`,
        )
      }
      if (recurrentDropout > 0 && !cell.maskable) {
        throw new HeddleError(
          'config',
          `${where}: expected a cell that is maskable, since recurrentDropout is ${recurrentDropout}. Set recurrentDropout to 0 or use another cell.`,
        )
      }
    }
  })
}
