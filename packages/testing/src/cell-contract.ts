import { RandomStream } from '@heddle/core'
import { disposeParameters } from '@heddle/layers'
import type { RecurrentCell, RecurrentState } from '@heddle/rnn'
import { Recurrent } from '@heddle/rnn'
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { expectClose, GRADIENT_TOLERANCE } from './close.ts'
import { gradientCheck } from './gradient-check.ts'
import { layerContract, randomTensor } from './layer-contract.ts'
import { useCpu } from './use-cpu.ts'

export interface CellContract {
  readonly make: (sizes: { inputSize: number; hiddenSize: number }, rng: RandomStream) => RecurrentCell
  /** Whether it has kinks, such as a ReLU. */
  readonly kinks?: boolean
}

const [B, T, I, H] = [3, 5, 4, 6]
const LENGTHS = [5, 2, 3]

/** Tests that every recurrent cell has to pass, a third party's too. */
export function cellContract(name: string, { make, kinks = false }: CellContract): void {
  const makeCell = (rng: RandomStream) => make({ inputSize: I, hiddenSize: H }, rng)
  const stateSizes = makeCell(new RandomStream(0)).stateSizes

  layerContract(name, {
    make: makeCell,
    inputs: (rng) => [randomTensor(rng, [B, I]), ...stateSizes.map((size) => randomTensor(rng, [B, size], 0.5))],
    run: (cell, x, ...state) => {
      const step = cell.forward(x!, state)
      return [step.output, ...step.state]
    },
    gradient: { kinks },
    shapes: [[B, H], ...stateSizes.map((size) => [B, size])],
  })

  describe(`${name} keeps the contract of cells:`, () => {
    beforeAll(useCpu)
    let cell: RecurrentCell
    let x: tf.Tensor
    let state: RecurrentState
    let lengths: tf.Tensor
    beforeEach(() => {
      tf.engine().startScope()
      const rng = new RandomStream(3)
      cell = makeCell(rng)
      x = randomTensor(rng, [B, T, I])
      state = stateSizes.map((size) => randomTensor(rng, [B, size], 0.5))
      lengths = tf.tensor(LENGTHS, [B], 'int32')
    })
    afterEach(() => {
      disposeParameters(cell)
      tf.engine().endScope()
    })

    it('its first state is its output and has the stated size', () => {
      const step = cell.forward(tf.zeros([B, I]), state)
      expect([cell.inputSize, cell.hiddenSize, cell.stateSizes[0]]).toEqual([I, H, H])
      expectClose(step.state[0]!, step.output)
    })

    it('it refuses an input of another size', () => {
      expect(() => cell.forward(tf.zeros([B, I + 1]), state)).toThrow()
    })

    for (const reverse of [false, true]) {
      it(`over a padded batch, ${reverse ? 'in reverse' : 'forwards'}, each row is as if it ran alone`, () => {
        const { outputs, state: end } = sequenceOf(cell, x, state, lengths, reverse)
        LENGTHS.forEach((length, b) => {
          const alone = rowAlone(cell, x, state, b, length, reverse)
          expectClose(tf.slice(outputs, [b, 0, 0], [1, length, H]), alone.outputs)
          expectClose(tf.slice(outputs, [b, length, 0], [1, T - length, H]), tf.zeros([1, T - length, H]))
          end.forEach((tensor, i) => {
            expectClose(tf.slice(tensor, [b, 0], [1, stateSizes[i]!]), alone.state[i]!)
          })
        })
      })

      it(`over a padded batch, ${reverse ? 'in reverse' : 'forwards'}, its gradients are those of finite differences`, async () => {
        await gradientCheck(
          (...inputs) => {
            const { outputs, state: end } = sequenceOf(cell, inputs[0]!, inputs.slice(1), lengths, reverse)
            return [outputs, ...end]
          },
          [x, ...state],
          { root: cell, elements: 6, kinks },
        )
      })
    }

    it('steps past a length change nothing, not even when they are NaN', () => {
      const padding = tf.tensor(LENGTHS.map((length) => Array.from({ length: T }, (_, t) => [t >= length])))
      const garbage = tf.where(padding, tf.fill([B, T, I], Number.NaN), x)
      const gradientAt = (at: tf.Tensor) =>
        tf
          .engine()
          .gradients(
            () => tf.sum(tf.square(sequenceOf(cell, at, state, lengths, false).outputs)) as tf.Scalar,
            [at, ...state],
          )
      const [clean, dirty] = [gradientAt(x), gradientAt(garbage)]
      expectClose(dirty.value, clean.value)
      clean.grads.forEach((gradient, i) => {
        expectClose(dirty.grads[i]!, gradient, GRADIENT_TOLERANCE)
      })
    })

    it('a recurrent mask, where the cell applies it, hides the masked part of the hidden state from the weights', ({
      skip,
    }) => {
      if (!cell.maskable) return skip('not maskable')
      const step = tf.zeros([B, I])
      const ones = cell.forward(step, state, { recurrentMask: tf.ones([B, H]) })
      expectClose(ones.output, cell.forward(step, state).output)
      const none = cell.forward(step, state, { recurrentMask: tf.zeros([B, H]) })
      expect(Math.abs(tf.sum(tf.sub(none.output, ones.output)).dataSync()[0]!)).toBeGreaterThan(1e-4)
    })
  })
}

function sequenceOf(cell: RecurrentCell, x: tf.Tensor, state: RecurrentState, lengths: tf.Tensor, reverse: boolean) {
  if (cell.sequence !== undefined) return cell.sequence(x, state, { lengths, reverse })
  // Recurrent runs any cell; a second cell in the other direction gives the reverse.
  const layer = { forward: cell, ...(reverse && { backward: cell }) }
  const run = new Recurrent([layer], {}, new RandomStream(0)).forward(x, {
    lengths,
    state: reverse ? [state, state] : [state],
  })
  const H = cell.hiddenSize
  return reverse
    ? { outputs: tf.slice(run.outputs, [0, 0, H], [-1, -1, H]), state: run.state[1]! }
    : { outputs: run.outputs, state: run.state[0]! }
}

/** Row b by itself: only its real steps, one `forward` each. */
function rowAlone(
  cell: RecurrentCell,
  x: tf.Tensor,
  state: RecurrentState,
  b: number,
  length: number,
  reverse: boolean,
) {
  let current: RecurrentState = state.map((tensor) => tf.slice(tensor, [b, 0], [1, -1]))
  const outputs = new Array<tf.Tensor>(length)
  for (let i = 0; i < length; i++) {
    const t = reverse ? length - 1 - i : i
    const step = cell.forward(tf.squeeze(tf.slice(x, [b, t, 0], [1, 1, -1]), [1]), current)
    outputs[t] = step.output
    current = step.state
  }
  return { outputs: tf.stack(outputs, 1), state: current }
}
