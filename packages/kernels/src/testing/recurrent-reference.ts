import { fusedOp } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import type { TestTensors } from './against-cpu.ts'

// B batch, T time, I input size, H hidden size, G gates, V rows of a table

export interface RecurrentCase {
  readonly sizes: readonly [B: number, T: number, I: number, H: number]
  readonly reverse?: boolean
  readonly activation?: 'tanh' | 'relu'
  readonly lengths?: readonly number[]
  /** Number of rows of x, a table that is read by id. */
  readonly tableRows?: number
}

type Step = (fromInput: tf.Tensor, fromState: tf.Tensor, state: tf.Tensor[], activation: string) => tf.Tensor[]

const steps: Record<string, { gates: number; states: number; step: Step }> = {
  HeddleRnnSequence: {
    gates: 1,
    states: 1,
    step: (fromInput, fromState, _, activation) => {
      const sum = tf.add(fromInput, fromState)
      return [activation === 'relu' ? tf.relu(sum) : tf.tanh(sum)]
    },
  },
  HeddleLstmSequence: {
    gates: 4,
    states: 2,
    step: (fromInput, fromState, [, c]) => {
      const [i, f, g, o] = tf.split(tf.add(fromInput, fromState), 4, 1) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]
      const cell = tf.add(tf.mul(tf.sigmoid(f), c!), tf.mul(tf.sigmoid(i), tf.tanh(g)))
      return [tf.mul(tf.sigmoid(o), tf.tanh(cell)), cell]
    },
  },
  HeddleGruSequence: {
    gates: 3,
    states: 1,
    step: (fromInput, fromState, [h]) => {
      const [rx, zx, nx] = tf.split(fromInput, 3, 1) as [tf.Tensor, tf.Tensor, tf.Tensor]
      const [rh, zh, nh] = tf.split(fromState, 3, 1) as [tf.Tensor, tf.Tensor, tf.Tensor]
      const z = tf.sigmoid(tf.add(zx, zh))
      const n = tf.tanh(tf.add(nx, tf.mul(tf.sigmoid(tf.add(rx, rh)), nh)))
      return [tf.add(tf.mul(tf.sub(1, z), n), tf.mul(z, h!))]
    },
  },
}

/** The differentiable inputs of a whole-sequence op: x, the initial states, both weights and both biases. */
export function recurrentInputs(
  name: string,
  make: TestTensors,
  { sizes: [B, T, I, H], tableRows: V }: RecurrentCase,
  scale = 0.5,
): tf.Tensor[] {
  const { gates, states } = steps[name]!
  const initial = Array.from({ length: states }, () => make.normal([B, H]))
  const weights = [
    [I, gates * H],
    [H, gates * H],
  ].map((shape) => make.normal(shape, scale))
  const x = make.normal(V === undefined ? [B, T, I] : [V, I])
  return [x, ...initial, ...weights, make.normal([gates * H]), make.normal([gates * H])]
}

/** Runs the op, fused where the backend has it, and joins everything that it returns into one tensor. */
export function runRecurrent(name: string, inputs: tf.Tensor[], options: RecurrentCase): tf.Tensor {
  const [outputs, ...states] = recurrentOutputs(name, inputs, options).slice(0, 1 + steps[name]!.states)
  return tf.concat([outputs!, ...states].map((output) => tf.reshape(output, [-1])))
}

export function recurrentOutputs(name: string, tensors: tf.Tensor[], options: RecurrentCase): readonly tf.Tensor[] {
  const { states, step } = steps[name]!
  const { reverse = false, activation = 'tanh', lengths, tableRows } = options
  const names = [
    'x',
    'h0',
    ...(states === 2 ? ['c0'] : []),
    'inputWeight',
    'recurrentWeight',
    'inputBias',
    'recurrentBias',
  ]
  const inputs: Record<string, tf.Tensor> = Object.fromEntries(names.map((key, i) => [key, tensors[i]!]))
  if (lengths !== undefined) inputs['lengths'] = tf.tensor1d([...lengths], 'int32')
  if (tableRows !== undefined) inputs['ids'] = someIds(options.sizes, tableRows)
  return fusedOp(name, inputs, { reverse, activation }, () => {
    const [B, T] = options.sizes
    const {
      x: given,
      h0,
      c0,
      inputWeight,
      recurrentWeight,
      inputBias,
      recurrentBias,
    } = inputs as Record<
      'x' | 'h0' | 'c0' | 'inputWeight' | 'recurrentWeight' | 'inputBias' | 'recurrentBias',
      tf.Tensor
    >
    const x = inputs['ids'] === undefined ? given : tf.gather(given, inputs['ids'])
    let state = states === 2 ? [h0, c0] : [h0]
    const outputs: tf.Tensor[] = []
    for (let s = 0; s < T; s++) {
      const t = reverse ? T - 1 - s : s
      const now = tf.reshape(tf.slice(x, [0, t, 0], [B, 1, x.shape[2]!]), [B, x.shape[2]!])
      const fromInput = tf.add(tf.matMul(now, inputWeight), inputBias)
      const next = step(fromInput, tf.add(tf.matMul(state[0]!, recurrentWeight), recurrentBias), state, activation)
      const counts = tf.tensor2d(
        Array.from({ length: B }, (_, b) => (t < (lengths?.[b] ?? T) ? 1 : 0)),
        [B, 1],
      )
      outputs[t] = tf.mul(next[0]!, counts)
      state = next.map((after, i) => tf.add(tf.mul(after, counts), tf.mul(state[i]!, tf.sub(1, counts))))
    }
    return [tf.stack(outputs, 1), ...state]
  })
}

/** Ids below V in no order, the last row of the table among them. */
function someIds([B, T]: RecurrentCase['sizes'], V: number): tf.Tensor2D {
  return tf.tensor2d(
    Array.from({ length: B * T }, (_, i) => (V - 1 + i * i * 7) % V),
    [B, T],
    'int32',
  )
}
