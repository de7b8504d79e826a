import { RandomStream } from '@heddle/core'
import {
  enableGradients,
  namedParameters,
  setTraining,
  stopGradient,
  valueAndGradients,
  withObserver,
} from '@heddle/layers'
import { expectClose, layerContract, randomTensor, useCpu } from '@heddle/testing'
import { cellContract } from '@heddle/testing/cell'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { RecurrentCell, type RecurrentState, type StepOptions, type StepOutput } from './cells/cell.ts'
import { GRUCell } from './cells/gru-cell.ts'
import { LSTMCell } from './cells/lstm-cell.ts'
import { LSTM } from './lstm.ts'
import { Recurrent } from './recurrent.ts'

const [B, T, I, H] = [3, 5, 4, 6]
const LENGTHS = [5, 2, 4]
const lengths = () => tf.tensor(LENGTHS, [B], 'int32')
const input = (seed = 3) => randomTensor(new RandomStream(seed), [B, T, I])

/** A third party's cell: it only has `forward`, and keeps a sum of its inputs beside the hidden state. */
class SummingCell extends RecurrentCell {
  readonly inputSize = I
  readonly hiddenSize = H
  readonly stateSizes = [H, I]
  readonly gru: GRUCell

  constructor(rng: RandomStream) {
    super()
    this.gru = new GRUCell({ inputSize: I, hiddenSize: H }, rng)
  }

  override forward(x: tf.Tensor, [h, sum]: RecurrentState): StepOutput {
    const total = tf.add(sum!, x)
    const { output } = this.gru.forward(tf.tanh(total), [h!])
    return { output, state: [output, total] }
  }
}

/** Gives back its input, so that masks can be seen from outside. */
class EchoCell extends RecurrentCell {
  readonly inputSize = H
  readonly hiddenSize = H
  readonly stateSizes = [H]

  override forward(x: tf.Tensor): StepOutput {
    return { output: x, state: [x] }
  }
}

cellContract('A cell without a sequence of its own', { make: (_, rng) => new SummingCell(rng) })

for (const bidirectional of [false, true]) {
  const D = bidirectional ? 2 : 1
  layerContract(`LSTM, two layers, ${bidirectional ? 'both directions' : 'one direction'}`, {
    make: (rng) => new LSTM({ inputSize: I, hiddenSize: H, numLayers: 2, bidirectional }, rng),
    inputs: (rng) => [randomTensor(rng, [B, T, I]), lengths()],
    run: (lstm, x, lengths) => {
      const { outputs, state } = lstm.forward(x!, { lengths: lengths! })
      return [outputs, ...state.flat()]
    },
    shapes: [[B, T, D * H], ...Array.from({ length: 4 * D }, () => [B, H])],
    gradient: { elements: 4 },
  })
}

layerContract('LSTM with dropout of every kind and a learned initial state', {
  make: (rng) =>
    new LSTM(
      {
        inputSize: I,
        hiddenSize: H,
        numLayers: 2,
        dropout: 0.2,
        inputDropout: 0.2,
        recurrentDropout: 0.2,
        initialState: 'learned',
      },
      rng,
    ),
  inputs: (rng) => [randomTensor(rng, [B, T, I])],
  run: (lstm, x) => lstm.forward(x!).outputs,
  shapes: [[B, T, H]],
  random: true,
  gradient: { elements: 4 },
})

describe('Recurrent', () => {
  beforeAll(async () => {
    await useCpu()
    enableGradients()
  })

  it('a layer reads the outputs of the one below', () => {
    const rng = new RandomStream(1)
    const cells = [
      new GRUCell({ inputSize: I, hiddenSize: H }, rng),
      new LSTMCell({ inputSize: H, hiddenSize: 3 }, rng),
    ]
    const both = new Recurrent([{ forward: cells[0]! }, { forward: cells[1]! }], {}, rng).forward(input())
    const first = new Recurrent([{ forward: cells[0]! }], {}, rng).forward(input())
    const second = new Recurrent([{ forward: cells[1]! }], {}, rng).forward(first.outputs)
    expectClose(both.outputs, second.outputs)
    expect(both.state.map((state) => state.map(({ shape }) => shape))).toEqual([
      [[B, H]],
      [
        [B, 3],
        [B, 3],
      ],
    ])
  })

  it('the backward direction reads each row from its last step, and both are joined', () => {
    const rng = new RandomStream(1)
    const [forward, backward] = [0, 1].map(() => new GRUCell({ inputSize: I, hiddenSize: H }, rng)) as [
      GRUCell,
      GRUCell,
    ]
    const both = new Recurrent([{ forward, backward }], {}, rng).forward(input(), { lengths: lengths() })
    const alone = new Recurrent([{ forward: backward }], {}, rng)
    LENGTHS.forEach((length, b) => {
      const flipped = tf.reverse(tf.slice(input(), [b, 0, 0], [1, length, I]), 1)
      const run = alone.forward(flipped)
      expectClose(tf.slice(both.outputs, [b, 0, H], [1, length, H]), tf.reverse(run.outputs, 1))
      expectClose(tf.slice(both.state[1]![0]!, [b, 0], [1, H]), run.state[0]![0]!)
    })
  })

  it('a stream in chunks, the state carried, gives what the whole gives', () => {
    const lstm = new LSTM({ inputSize: I, hiddenSize: H, numLayers: 2 }, new RandomStream(1))
    const whole = lstm.forward(input())
    const first = lstm.forward(tf.slice(input(), [0, 0, 0], [B, 2, I]))
    const second = lstm.forward(tf.slice(input(), [0, 2, 0], [B, 3, I]), { state: first.state })
    expectClose(tf.concat([first.outputs, second.outputs], 1), whole.outputs)
    second.state.flat().forEach((tensor, i) => {
      expectClose(tensor, whole.state.flat()[i]!)
    })
  })

  it('carried through stopGradient, the state brings no gradient to the chunk before', () => {
    const lstm = new LSTM({ inputSize: I, hiddenSize: H }, new RandomStream(1))
    const chunks = [input(1), input(2)] as const
    const sizes = (cut: boolean) =>
      tf
        .engine()
        .gradients(
          () => {
            const { state } = lstm.forward(chunks[0])
            const carried = cut ? state.map((tensors) => tensors.map(stopGradient)) : state
            return tf.sum(lstm.forward(chunks[1], { state: carried }).outputs) as tf.Scalar
          },
          [...chunks],
          undefined,
          true,
        )
        .grads.map((gradient) => (gradient == null ? 0 : tf.max(tf.abs(gradient)).dataSync()[0]!))
    expect(sizes(false)[0]).toBeGreaterThan(1e-4)
    expect(sizes(true)[0]).toBe(0)
    expect(sizes(true)[1]).toBeGreaterThan(1e-4)
  })

  it('steps give what the whole sequence gives', () => {
    const lstm = new LSTM({ inputSize: I, hiddenSize: H, numLayers: 2 }, new RandomStream(1))
    let state = lstm.initialState.forward(B)
    const outputs = tf.unstack(input(), 1).map((x) => {
      const step = lstm.step(x, state)
      state = step.state
      return step.output
    })
    expectClose(tf.stack(outputs, 1), lstm.forward(input()).outputs)
  })

  it('a learned initial state starts at zero, is used when none is given, and is trained', () => {
    const rng = new RandomStream(1)
    const config = { inputSize: I, hiddenSize: H }
    const learned = new LSTM({ ...config, initialState: 'learned' }, rng)
    expect(namedParameters(learned).map(([path]) => path)).toContain('initialState.0.1')
    const { gradients } = valueAndGradients(learned, () => tf.sum(learned.forward(input()).outputs) as tf.Scalar)
    const before = learned.forward(input()).outputs
    const start = learned.initialState[0]![0]!
    expect(tf.max(tf.abs(gradients.get(start)!)).dataSync()[0]).toBeGreaterThan(1e-3)
    start.assign(tf.fill([H], 0.5))
    const h = tf.fill([B, H], 0.5)
    expectClose(learned.forward(input()).outputs, learned.forward(input(), { state: [[h, tf.zeros([B, H])]] }).outputs)
    expect(tf.max(tf.abs(tf.sub(learned.forward(input()).outputs, before))).dataSync()[0]).toBeGreaterThan(1e-3)
  })

  it('input dropout has one mask for all steps, dropout between layers a new one at each', () => {
    const echo = () => ({ forward: new EchoCell() })
    const ones = tf.ones([B, T, H])
    const pattern = (recurrent: Recurrent) =>
      tf.unstack(recurrent.forward(ones).outputs, 1).map((step) => step.dataSync().join())
    const variational = pattern(new Recurrent([echo()], { inputDropout: 0.5 }, new RandomStream(1)))
    expect(new Set(variational).size).toBe(1)
    expect(variational[0]).toContain('0')
    expect(variational[0]).toContain('2')
    expect(new Set(pattern(new Recurrent([echo()], { dropout: 0.5 }, new RandomStream(1)))).size).toBe(1)
    const between = pattern(new Recurrent([echo(), echo()], { dropout: 0.5 }, new RandomStream(1)))
    expect(new Set(between).size).toBe(T)
  })

  it('recurrent dropout has one mask for all steps and leaves the carried state alone', () => {
    const masks: string[] = []
    class Spy extends EchoCell {
      override readonly maskable = true
      override forward(x: tf.Tensor, _?: RecurrentState, { recurrentMask }: StepOptions = {}) {
        masks.push(recurrentMask === undefined ? 'none' : recurrentMask.dataSync().join())
        return super.forward(x)
      }
    }
    const recurrent = new Recurrent([{ forward: new Spy() }], { recurrentDropout: 0.5 }, new RandomStream(1))
    recurrent.forward(tf.ones([B, T, H]))
    expect(masks).toHaveLength(T)
    expect(new Set(masks).size).toBe(1)
    expect(masks[0]).toMatch(/^[02,]+$/)
    setTraining(recurrent, false)
    masks.length = 0
    recurrent.forward(tf.ones([B, T, H]))
    expect(new Set(masks)).toEqual(new Set(['none']))
  })

  it('it reports the outputs of each layer, and a cell its gates when it is stepped', () => {
    const lstm = new LSTM({ inputSize: I, hiddenSize: H, numLayers: 2 }, new RandomStream(1))
    const seen: string[] = []
    const x = tf.zeros([B, I])
    withObserver(
      lstm,
      (path) => seen.push(path),
      () => {
        lstm.forward(input())
        const watched = lstm.step(x, lstm.initialState.forward(B))
        seen.push(String(watched.output.shape))
      },
    )
    expect(seen.slice(0, 2)).toEqual(['outputs.0', 'outputs.1'])
    expect(seen).toContain('layers.1.forward.forgetGate')
    const quiet = lstm.step(x, lstm.initialState.forward(B)).output
    withObserver(
      lstm,
      () => undefined,
      () => expectClose(lstm.step(x, lstm.initialState.forward(B)).output, quiet),
    )
  })

  it('it refuses what does not fit, and says what would', () => {
    const rng = new RandomStream(1)
    const cell = () => new LSTMCell({ inputSize: I, hiddenSize: H }, rng)
    const lstm = new LSTM({ inputSize: I, hiddenSize: H }, rng)
    expect(() => new Recurrent([], {}, rng)).toThrow(/at least one layer/)
    expect(() => new Recurrent([{ forward: cell() }, { forward: cell() }], {}, rng)).toThrow(
      /layer 1 \(LSTMCell\): expected inputSize 6, got 4/,
    )
    expect(() => new Recurrent([{ forward: new EchoCell() }], { recurrentDropout: 0.1 }, rng)).toThrow(
      /EchoCell\): expected a cell that is maskable/,
    )
    expect(() => new LSTM({ inputSize: I, hiddenSize: H, layers: 2 } as never, rng)).toThrow(
      /LSTM: unknown key 'layers'. Did you mean 'numLayers'/,
    )
    expect(() => lstm.forward(tf.zeros([B, T, I + 1]))).toThrow(/expected x \[B, T, 4\]/)
    expect(() => lstm.forward(tf.zeros([B, 0, I]))).toThrow(/at least one step in time/)
    expect(() => lstm.forward(input(), { lengths: tf.tensor([1, 2], [2], 'int32') })).toThrow(/expected lengths \[3\]/)
    for (const wrong of [-1, T + 1]) {
      const lengths = tf.tensor([1, wrong, 2], [B], 'int32')
      expect(() => lstm.forward(input(), { lengths })).toThrow(
        new RegExp(`expected lengths from 0 to ${T}, got ${wrong}`),
      )
    }
    expect(() => lstm.forward(input(), { state: [] })).toThrow(/expected 1 states/)
    expect(() => lstm.forward(input(), { state: [[tf.zeros([B, H])]] })).toThrow(
      /LSTMCell: expected state \[3, 6\], \[3, 6\]/,
    )
    const both = new LSTM({ inputSize: I, hiddenSize: H, bidirectional: true }, rng)
    expect(() => both.step(tf.zeros([B, I]), both.initialState.forward(B))).toThrow(/expected one direction, got two/)
    const masked = new LSTM({ inputSize: I, hiddenSize: H, inputDropout: 0.5 }, rng)
    expect(() => masked.step(tf.zeros([B, I]), masked.initialState.forward(B))).toThrow(
      /their masks are for a whole sequence/,
    )
  })
})
