import { RandomStream } from '@heddle/core'
import { Linear, namedParameters, Sequential } from '@heddle/layers'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import { Ensemble } from './index.ts'

beforeAll(useCpu)

it('averages the probabilities of members of different kinds', () => {
  const rng = new RandomStream(1)
  const linear = new Linear({ inputSize: 3, outputSize: 4 }, rng)
  const deep = new Sequential([
    new Linear({ inputSize: 3, outputSize: 5 }, rng),
    new Linear({ inputSize: 5, outputSize: 4 }, rng),
  ])
  const ensemble = new Ensemble<[tf.Tensor]>([linear, deep])
  tf.tidy(() => {
    const x = tf.tensor2d([
      [1, -2, 30],
      [0.5, 0, 1],
    ])
    const expected = tf
      .div(tf.add(tf.softmax(linear.forward(x)), tf.softmax(deep.forward(x))), 2)
      .arraySync() as number[][]
    const probabilities = tf.exp(ensemble.forward(x)).arraySync() as number[][]
    for (const [i, row] of expected.entries()) {
      for (const [j, p] of row.entries()) expect(probabilities[i]![j]).toBeCloseTo(p, 5)
    }
  })
  expect(namedParameters(ensemble).map(([path]) => path)).toContain('members.1.layers.0.weight')
})

it('takes the logits out of what a member returns', () => {
  const linear = new Linear({ inputSize: 1, outputSize: 2 }, new RandomStream(1))
  const ensemble = new Ensemble<[number]>(
    [linear],
    (member, scale) => member.forward(tf.tensor2d([[scale]])) as tf.Tensor,
  )
  tf.tidy(() => {
    const sum = tf.sum(tf.exp(ensemble.forward(2))).dataSync()[0]
    expect(sum).toBeCloseTo(1, 5)
  })
  expect(() => new Ensemble([])).toThrow('Ensemble: expected at least one member, got none.')
})
