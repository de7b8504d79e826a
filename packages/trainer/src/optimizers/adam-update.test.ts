import { RandomStream } from '@heddle/core'
import { initializers, Parameter } from '@heddle/layers'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import { AdamW } from '../index.ts'
import { withInPlaceAdam } from '../test-support/in-place-adam.ts'

beforeAll(useCpu)

function run(): { values: number[]; shared: number[] } {
  const rng = new RandomStream(3)
  const parameters = [
    ['a.weight', new Parameter([3, 2], initializers.normal(), rng)],
    ['a.bias', new Parameter([2], initializers.normal(), rng)],
  ] as const
  const optimizer = new AdamW(parameters, { weightDecay: 0.1, groups: [{ match: 'a.bias', learningRateFactor: 0.5 }] })
  // The caller holds on to the first values: they must not change with the weights.
  const held = tf.clone(parameters[0][1].value)
  const shared = [...held.dataSync()]
  for (let n = 0; n < 5; n++) {
    const gradients = new Map(
      parameters.map(([, p]) => [p, tf.tensor(initializers.normal()(p.shape, rng), [...p.shape])]),
    )
    optimizer.step(gradients, 0.05, { gradientScale: 0.3 })
    tf.dispose([...gradients.values()])
  }
  expect([...held.dataSync()]).toEqual(shared)
  return { values: parameters.flatMap(([, p]) => [...p.value.dataSync()]), shared }
}

it('gives the same weights through a kernel that works in place, and never writes into shared memory', async () => {
  const reference = run()
  const before = tf.memory().numTensors
  const calls = await withInPlaceAdam(() => {
    const fused = run()
    for (const [i, x] of reference.values.entries()) expect(fused.values[i]).toBeCloseTo(x, 5)
  })
  expect(calls).toBe(5)
  // Two weights, four moments and the clone stay; steps leave nothing.
  expect(tf.memory().numTensors - before).toBe(7)
})
