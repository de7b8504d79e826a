import { gradientCheck, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'

beforeAll(useCpu)

const x = () => tf.tensor([0.3, -1.2, 2, 0.7, 1.1, -0.4], [2, 3])

test.each([0, 1])('cumsum has the right gradient along axis %i', async (axis) => {
  for (const [exclusive, reverse] of [
    [false, false],
    [true, false],
    [false, true],
  ] as const) {
    expect(await gradientCheck((input) => tf.cumsum(input!, axis, exclusive, reverse), [x()])).toBeLessThan(2e-3)
  }
})

test.each([
  ['maximum', tf.maximum],
  ['minimum', tf.minimum],
] as const)('%s sums its gradients over broadcast axes', async (_, choose) => {
  const row = tf.tensor([0.5, -2, 1.5])
  expect(await gradientCheck((a, b) => choose(a!, b!), [x(), row], { kinks: true })).toBeLessThan(5e-3)
  expect(await gradientCheck((a, b) => choose(a!, b!), [tf.scalar(0.4), x()], { kinks: true })).toBeLessThan(5e-3)
})

test('unstack and split into one part have gradients', async () => {
  expect(await gradientCheck((input) => tf.unstack(input!, 0)[0]!, [tf.tensor([[1, 2, 3]])])).toBeLessThan(2e-3)
  expect(await gradientCheck((input) => tf.split(input!, 1, 1)[0]!, [x()])).toBeLessThan(2e-3)
})
