import { enableGradients } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectSameGradientsAsCpu, testTensors } from '../testing/against-cpu.ts'
import { type RecurrentCase, recurrentInputs, recurrentOutputs, runRecurrent } from '../testing/recurrent-reference.ts'
import { useWasm } from '../use-wasm.ts'

beforeAll(async () => {
  await useWasm()
  enableGradients()
})

const cases: readonly RecurrentCase[] = [
  { sizes: [1, 1, 1, 1] },
  { sizes: [2, 3, 4, 5] },
  { sizes: [3, 7, 6, 16], reverse: true },
  { sizes: [8, 5, 3, 17], lengths: [5, 1, 0, 3, 5, 2, 4, 1] },
  { sizes: [5, 6, 9, 12], lengths: [6, 2, 0, 5, 1], reverse: true },
  { sizes: [1, 30, 33, 8] },
  { sizes: [2, 1, 5, 9] },
  { sizes: [4, 3, 2, 70], lengths: [2, 2, 1, 2] },
  { sizes: [33, 4, 40, 40], reverse: true },
  { sizes: [2, 3, 4, 5], tableRows: 1 },
  { sizes: [8, 5, 3, 17], tableRows: 7, lengths: [5, 1, 0, 3, 5, 2, 4, 1] },
  { sizes: [20, 6, 33, 40], tableRows: 65, reverse: true, lengths: Array.from({ length: 20 }, (_, b) => b % 7) },
]

describe.each(['HeddleRnnSequence', 'HeddleLstmSequence', 'HeddleGruSequence'])('%s', (name) => {
  it.each(cases)(
    'agrees with the reference in value and gradient: $sizes, reverse $reverse, table of $tableRows, lengths $lengths',
    async (options) => {
      await expectSameGradientsAsCpu(
        (make) => recurrentInputs(name, make, options, 0.5 / Math.sqrt(options.sizes[3])),
        (...inputs) => runRecurrent(name, inputs, options),
        { tolerance: 1e-4 },
      )
    },
  )

  it('stays right where the gates saturate', async () => {
    const options = { sizes: [3, 4, 5, 6] } as const
    await expectSameGradientsAsCpu(
      (make) => recurrentInputs(name, make, options, 20),
      (...inputs) => runRecurrent(name, inputs, options),
      { tolerance: 1e-3 },
    )
  })

  it('takes only the final state into account when nothing else is used', async () => {
    const options = { sizes: [3, 4, 5, 6], lengths: [4, 2, 0] } as const
    await expectSameGradientsAsCpu(
      (make) => recurrentInputs(name, make, options),
      (...inputs) => recurrentOutputs(name, inputs, options)[1]!,
      { tolerance: 1e-4 },
    )
  })

  it('does not let NaN past a length reach any result or gradient', () => {
    const options = { sizes: [2, 3, 4, 5], lengths: [1, 3] } as const
    tf.tidy(() => {
      const [x, ...others] = recurrentInputs(name, testTensors(1), options) as [tf.Tensor, ...tf.Tensor[]]
      const poisoned = tf.add(x, tf.tensor3d([0, NaN, NaN, 0, 0, 0], [2, 3, 1]))
      const run = (...inputs: tf.Tensor[]) => tf.sum(tf.square(runRecurrent(name, inputs, options))) as tf.Scalar
      const clean = tf.valueAndGrads(run)([x, ...others])
      const dirty = tf.valueAndGrads(run)([poisoned, ...others])
      expect(dirty.value.dataSync()).toEqual(clean.value.dataSync())
      dirty.grads.forEach((gradient, i) => {
        expect(gradient.dataSync()).toEqual(clean.grads[i]!.dataSync())
      })
    })
  })

  it('returns the initial state for no steps and nothing for no rows', () => {
    tf.tidy(() => {
      for (const sizes of [
        [3, 0, 4, 5],
        [0, 3, 4, 5],
      ] as const) {
        const inputs = recurrentInputs(name, testTensors(1), { sizes })
        const [outputs, ...states] = recurrentOutputs(name, inputs, { sizes })
        expect(outputs!.shape).toEqual([sizes[0], sizes[1], 5])
        states.forEach((state, i) => {
          expect(state.dataSync()).toEqual(inputs[1 + i]!.dataSync())
        })
        const { grads } = tf.valueAndGrads((...args: tf.Tensor[]) => tf.sum(runRecurrent(name, args, { sizes })))(
          inputs,
        )
        expect(grads.map(({ shape }) => shape)).toEqual(inputs.map(({ shape }) => shape))
        for (const gradient of grads.slice(1 + states.length)) {
          expect(gradient.dataSync().every((value) => value === 0)).toBe(true)
        }
      }
    })
  })

  it('refuses wrong shapes and lengths', () => {
    const options = { sizes: [2, 3, 4, 5] } as const
    tf.tidy(() => {
      const inputs = recurrentInputs(name, testTensors(1), options)
      inputs.forEach((input, i) => {
        const wrong = inputs.with(
          i,
          tf.pad(input, [...input.shape.slice(1).map(() => [0, 0] as [number, number]), [0, 1]]),
        )
        expect(() => recurrentOutputs(name, wrong, options), `input ${i}`).toThrow(/: expected .* float32 \[.*\], got/)
      })
      expect(() => recurrentOutputs(name, inputs, { ...options, lengths: [2] })).toThrow('expected lengths int32 [2]')
      expect(() => recurrentOutputs(name, inputs, { ...options, lengths: [2, 4] })).toThrow(
        'lengths from 0 to 3, got 4',
      )
      expect(() => recurrentOutputs(name, inputs, { ...options, lengths: [-1, 3] })).toThrow('got -1')
      const ofTable = recurrentInputs(name, testTensors(1), { ...options, tableRows: 3 })
      expect(() => recurrentOutputs(name, ofTable, { ...options, tableRows: 5 })).toThrow('ids from 0 to 2, got 4')
    })
  })
})

describe('HeddleRnnSequence', () => {
  it('has relu as an activation', async () => {
    const options = { sizes: [4, 5, 3, 6], activation: 'relu' } as const
    await expectSameGradientsAsCpu(
      (make) => recurrentInputs('HeddleRnnSequence', make, options),
      (...inputs) => runRecurrent('HeddleRnnSequence', inputs, options),
      { tolerance: 1e-4 },
    )
  })
})
