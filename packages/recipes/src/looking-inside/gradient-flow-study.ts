import { HeddleError, RandomStream, suggest } from '@heddle/core'
import { disposeParameters, type Module } from '@heddle/layers'
import { gradientFlow, LSTMCell, namedCells, type RecurrentCell, RNNCell } from '@heddle/rnn'
import * as tf from '@tensorflow/tfjs-core'
import { spectralRadius } from './spectral-radius.ts'

// B batch, T time, I input size, H hidden size, K state tensors

const BATCH = 8
/** Vanilla networks below, at and above the border between vanishing and exploding. */
const RADII = [0.5, 1, 1.5]
/** A forget gate of about 0.98: it opens with training where the task asks for memory. */
const OPEN_FORGET_BIAS = 4
/** Large inputs drive tanh to where it is flat, whatever the recurrent weights are. */
const INPUT_SCALE = 0.1

/** How a gradient fares on its way back through one network. */
export interface GradientCurve {
  readonly name: string
  readonly group: 'run' | 'vanilla' | 'lstm'
  /** ‖∂L/∂state_t‖ of all state tensors together, by step, as a multiple of the last step's. */
  readonly flow: readonly number[] // T
  /** The same of each state tensor alone (h, and c of an LSTM). */
  readonly states: readonly (readonly number[])[] // [K, T]
  /** What a step multiplies the gradient by, on (geometric) average. */
  readonly perStep: number
  /** The spectral radius of the recurrent weights, where they are one square matrix. */
  readonly spectralRadius?: number
}

export interface GradientFlowStudy {
  /** The path of the run's cell that was looked at. */
  readonly cell: string
  /** All cells of the run. */
  readonly cells: readonly string[]
  readonly inputSize: number
  readonly hiddenSize: number
  /** The run's cell first. */
  readonly curves: readonly GradientCurve[]
}

export interface GradientFlowOptions {
  /** The path of the cell to look at; the model's first when left out. */
  readonly cell?: string
  readonly steps?: number
  readonly seed?: number
}

/**
 * How the gradient of a late loss reaches early steps in a run's cell, and in networks of the same size that learned nothing: an
 * LSTM as it is initialised (its forget gates half open, so that it forgets too) and with open forget gates, a vanilla RNN as it
 * is initialised, and vanilla RNNs with the spectral radius of their recurrent weights set to 0.5, 1 and 1.5 (without biases).
 * All read the same noise, N(0, 0.1²), from a state of zeros; L = Σ h_T·v with the same random v.
 *
 * Below 1 the gradient must vanish. Above 1 it can explode; it need not, as tanh is flat where its argument is large.
 *
 * @throws HeddleError `usage` for a model without recurrent cells, `unknown-name` for a cell that it does not have
 * @see Pascanu et al. 2013, "On the difficulty of training recurrent neural networks"
 */
export async function gradientFlowStudy(
  model: Module,
  { cell: path, steps = 60, seed = 1 }: GradientFlowOptions = {},
): Promise<GradientFlowStudy> {
  const cells = new Map(namedCells(model).map(({ path, cell }) => [path, cell]))
  const names = [...cells.keys()]
  const chosen = path ?? names[0]
  if (chosen === undefined) {
    throw new HeddleError(
      'usage',
      `gradient flow: expected a model with recurrent cells, got ${model.constructor.name}. Use a recurrent run.`,
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
  const measure = async (name: string, group: GradientCurve['group'], of: RecurrentCell) => {
    curves.push(await curveOf(name, group, of, x, direction))
  }
  const fresh = async (name: string, group: GradientCurve['group'], of: RecurrentCell) => {
    try {
      await measure(name, group, of)
    } finally {
      disposeParameters(of)
    }
  }
  const size = { inputSize, hiddenSize }
  try {
    await measure(`this run's ${cell.constructor.name}`, 'run', cell)
    await fresh('LSTM, untrained', 'lstm', new LSTMCell(size, rng.split()))
    const open = new LSTMCell(size, rng.split())
    openForgetGate(open)
    await fresh('LSTM, forget gate open', 'lstm', open)
    await fresh('vanilla RNN, untrained', 'vanilla', new RNNCell(size, rng.split()))
    const weights = rng.split().state()
    for (const radius of RADII) {
      // The same random directions each time, so that only the radius differs.
      const rnn = new RNNCell(size, RandomStream.fromState(weights))
      await setRadius(rnn, radius)
      await fresh(`vanilla RNN, radius ${radius}`, 'vanilla', rnn)
    }
  } finally {
    tf.dispose([x, direction])
  }
  return { cell: chosen, cells: names, inputSize, hiddenSize, curves }
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
    perStep: flow[0]! ** (1 / (T - 1)),
    ...(square && { spectralRadius: await spectralRadius(recurrentWeight.value) }),
  }
}
