import { RandomStream } from '@heddle/core'
import { initializers, Parameter } from '@heddle/layers'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import { Lion } from '../index.ts'

beforeAll(useCpu)

it('follows the formula of the paper', () => {
  const rng = new RandomStream(3)
  const start = Array.from({ length: 6 }, () => rng.normal())
  const weight = new Parameter([2, 3], () => Float32Array.from(start), rng)
  const [eta, beta1, beta2, lambda] = [0.03, 0.8, 0.95, 0.2]
  const optimizer = new Lion({ weight }, { beta1, beta2, weightDecay: lambda })
  const w = [...start]
  const m = start.map(() => 0)
  for (let step = 0; step < 8; step++) {
    const g = start.map(() => rng.normal())
    const gradient = tf.tensor2d(g, [2, 3])
    optimizer.step(new Map([[weight, gradient]]), eta)
    gradient.dispose()
    for (const [i, gi] of g.entries()) {
      w[i] = (1 - eta * lambda) * w[i]! - eta * Math.sign(beta1 * m[i]! + (1 - beta1) * gi)
      m[i] = beta2 * m[i]! + (1 - beta2) * gi
    }
    for (const [i, value] of weight.value.dataSync().entries()) expect(value).toBeCloseTo(w[i]!, 5)
  }
  optimizer.dispose()
})

it('does not move a number without gradient and momentum', () => {
  const weight = new Parameter([2], initializers.constant(3), new RandomStream(1))
  const optimizer = new Lion({ weight })
  optimizer.step(new Map([[weight, tf.tensor1d([0, -2])]]), 0.5)
  expect([...weight.value.dataSync()]).toEqual([3, 3.5])
  optimizer.dispose()
})
