import { HeddleError, periodicYield, RandomStream, suggest } from '@heddle/core'
import { disposeParameters } from '@heddle/layers'
import { gradientFlow, LSTMCell, namedCells, type RecurrentCell, RNNCell } from '@heddle/rnn'
import type { Abortable, Exhibit, Task } from '@heddle/tasks'
import * as tf from '@tensorflow/tfjs-core'
import { spectralRadius } from './spectral-radius.ts'

// B batch, T time, I input size, H hidden size, K state tensors

const BATCH = 8
/** Vanilla networks below, at and above the border between vanishing and exploding. */
const RADII = [0.5, 1, 1.5]
/** Opens a forget gate to about 0.98, as training does where a task needs memory. */
const OPEN_FORGET_BIAS = 4
/** Small, because large inputs drive tanh to where it is flat whatever the recurrent weights are. */
const INPUT_SCALE = 0.1

/** Norm of the gradient at each step of one network. */
export interface GradientCurve {
  readonly name: string
  readonly group: 'run' | 'vanilla' | 'lstm'
  /** ‖∂L/∂state_t‖ of all state tensors together, by step, as a multiple of the last step's. */
  readonly flow: readonly number[] // T
  /** The same for each state tensor alone. */
  readonly states: readonly (readonly number[])[] // [K, T]
  /** Names of the state tensors: h, and c of an LSTM. */
  readonly stateNames: readonly string[] // K
  /** Factor by which a step multiplies the gradient, as a geometric mean. */
  readonly perStep: number
  /** Spectral radius of the recurrent weights, where they are one square matrix. */
  readonly spectralRadius?: number
}

/** Gradient flow through a cell of a trained model, compared with other networks of its size. */
export interface GradientFlowExhibit extends Exhibit {
  readonly kind: 'gradient-flow'
  /** Path of the cell. */
  readonly cell: string
  /** Paths of all cells of the model. */
  readonly cells: readonly string[]
  readonly inputSize: number
  readonly hiddenSize: number
  /** The model's cell first. */
  readonly curves: readonly GradientCurve[]
}

export interface GradientFlowOptions {
  /** Path of the cell (default: the model's first). */
  readonly cell?: string
  /** Length of the sequence (default 60). */
  readonly steps?: number
  readonly seed?: number
}

/**
 * Measures how much of the gradient of a late loss reaches early steps, in a cell of a trained model and in untrained networks of
 * the same size: an LSTM with its initial weights (the forget gates are half open, so it forgets), an LSTM with open forget gates,
 * a vanilla RNN with its initial weights, and vanilla RNNs without biases whose recurrent weights have spectral radius 0.5, 1 and
 * 1.5. All read the same noise, N(0, 0.1²), from a state of zeros; L = Σ h_T·v with the same random v.
 *
 * Below radius 1 the gradient vanishes. Above 1 it can explode, unless tanh is in its flat part.
 *
 * @throws HeddleError `usage` for a model without recurrent cells, `unknown-name` for a cell that it does not have
 * @see Pascanu et al. 2013, "On the difficulty of training recurrent neural networks"
 */
export async function gradientFlowStudy(
  { model, where }: Pick<Task, 'model' | 'where'>,
  { cell: path, steps = 60, seed = 1, signal }: GradientFlowOptions & Abortable = {},
): Promise<GradientFlowExhibit> {
  const cells = new Map(namedCells(model).map(({ path, cell }) => [path, cell]))
  const names = [...cells.keys()]
  const chosen = path ?? names[0]
  if (chosen === undefined) {
    throw new HeddleError(
      'usage',
      `gradient flow: expected a model with recurrent cells, got ${where}, a ${model.constructor.name}. Use a recurrent run.`,
    )
  }
  const cell = cells.get(chosen)
  if (cell === undefined) {
    throw new HeddleError(
      'unknown-name',
      `gradient flow: expected a cell of the model, got '${chosen}'. ${suggest(chosen, names)}`,
    )
  }
  const { inputSize, hiddenSize } = cell
  const rng = new RandomStream(seed)
  const normals = (count: number, scale: number) => Float32Array.from({ length: count }, () => rng.normal(0, scale))
  const x = tf.tensor3d(normals(BATCH * steps * inputSize, INPUT_SCALE), [BATCH, steps, inputSize])
  const direction = tf.tensor1d(normals(hiddenSize, 1))
  const curves: GradientCurve[] = []
  const yieldNow = periodicYield(signal)
  const measure = async (name: string, group: GradientCurve['group'], of: RecurrentCell) => {
    await yieldNow()
    curves.push(await curveOf(name, group, of, x, direction))
  }
  const measureNew = async (name: string, group: GradientCurve['group'], of: RecurrentCell) => {
    try {
      await measure(name, group, of)
    } finally {
      disposeParameters(of)
    }
  }
  const size = { inputSize, hiddenSize }
  try {
    await measure(`this run's ${cell.constructor.name}`, 'run', cell)
    await measureNew('LSTM, untrained', 'lstm', new LSTMCell(size, rng.split()))
    const open = new LSTMCell(size, rng.split())
    openForgetGate(open)
    await measureNew('LSTM, forget gate open', 'lstm', open)
    await measureNew('vanilla RNN, untrained', 'vanilla', new RNNCell(size, rng.split()))
    const weights = rng.split().state()
    for (const radius of RADII) {
      // The same random directions each time, so that only the radius differs.
      const rnn = new RNNCell(size, RandomStream.fromState(weights))
      await setRadius(rnn, radius)
      await measureNew(`vanilla RNN, radius ${radius}`, 'vanilla', rnn)
    }
  } finally {
    tf.dispose([x, direction])
  }
  return { kind: 'gradient-flow', title: 'Gradient flow', cell: chosen, cells: names, inputSize, hiddenSize, curves }
}

function openForgetGate(lstm: LSTMCell): void {
  const H = lstm.hiddenSize
  tf.tidy(() => {
    // The gates stand side by side: input, forget, cell, output.
    lstm.inputBias.assign(tf.concat([tf.zeros([H]), tf.fill([H], OPEN_FORGET_BIAS), tf.zeros([2 * H])]))
    lstm.recurrentBias.assign(tf.zeros([4 * H]))
  })
}

async function setRadius(rnn: RNNCell, radius: number): Promise<void> {
  const now = await spectralRadius(rnn.recurrentWeight.value)
  tf.tidy(() => {
    rnn.recurrentWeight.assign(tf.mul(rnn.recurrentWeight.value, radius / now))
    for (const bias of [rnn.inputBias, rnn.recurrentBias]) bias.assign(tf.zerosLike(bias.value))
  })
}

async function curveOf(
  name: string,
  group: GradientCurve['group'],
  cell: RecurrentCell,
  x: tf.Tensor,
  direction: tf.Tensor,
): Promise<GradientCurve> {
  const [B, T, H] = [x.shape[0]!, x.shape[1]!, cell.hiddenSize]
  const loss = (outputs: tf.Tensor) =>
    tf.sum(tf.mul(tf.slice(outputs, [0, T - 1, 0], [B, 1, H]), direction)) as tf.Scalar
  const norms = tf.tidy(() => gradientFlow(cell, x, loss)) // [K, T]
  const rows = (await norms.array()) as number[][]
  norms.dispose()
  const together = rows[0]!.map((_, t) => Math.hypot(...rows.map((row) => row[t]!)))
  const last = together.at(-1)!
  const flow = together.map((norm) => norm / last)
  const { recurrentWeight } = cell
  const square = recurrentWeight?.shape.length === 2 && recurrentWeight.shape[0] === recurrentWeight.shape[1]
  return {
    name,
    group,
    flow,
    states: rows.map((row) => row.map((norm) => norm / last)),
    stateNames: rows.map((_, k) => (k === 0 ? 'h' : (cell.memory ?? `state ${k}`))),
    perStep: flow[0]! ** (1 / (T - 1)),
    ...(square && { spectralRadius: await spectralRadius(recurrentWeight.value) }),
  }
}
