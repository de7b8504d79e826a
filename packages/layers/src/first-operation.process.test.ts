import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeEach, describe, expect, it, vi } from 'vitest'

// Gradients are looked up when an operation runs, so a loss must have registered them before its first one. In a process of its
// own nothing else has.

const kernelNames = [...new Set(Object.values(tf).filter((value) => typeof value === 'string'))]

beforeEach(async () => {
  await useCpu()
  for (const name of kernelNames) if (tf.getGradient(name) != null) tf.unregisterGradient(name)
  vi.resetModules()
})

type Layers = typeof import('./index.ts')

const logits = [
  [1, -2, 0.5],
  [0, 3, -1],
]
const softmax = (row: readonly number[]) => {
  const powers = row.map(Math.exp)
  const sum = powers.reduce((a, b) => a + b)
  return powers.map((power) => power / sum)
}

const LOSSES: readonly [name: string, loss: (layers: Layers, x: tf.Tensor) => tf.Scalar, gradient: number[][]][] = [
  [
    'crossEntropy',
    ({ crossEntropy }, x) => crossEntropy(x, tf.tensor1d([0, 1], 'int32')),
    logits.map((row, i) => softmax(row).map((p, c) => (p - (c === i ? 1 : 0)) / 2)),
  ],
  [
    'crossEntropy with weights of classes',
    ({ crossEntropy }, x) => crossEntropy(x, tf.tensor1d([0, 1], 'int32'), { classWeights: tf.tensor1d([3, 1, 1]) }),
    logits.map((row, i) => softmax(row).map((p, c) => ((p - (c === i ? 1 : 0)) * (i === 0 ? 3 : 1)) / 4)),
  ],
  [
    'binaryCrossEntropy',
    ({ binaryCrossEntropy }, x) => binaryCrossEntropy(x, tf.tensor2d([1, 1, 1, 1, 1, 1], [2, 3])),
    logits.map((row) => row.map((z) => (1 / (1 + Math.exp(-z)) - 1) / 6)),
  ],
]

describe('the gradient of a loss that is the first operation of a process', () => {
  it.each(LOSSES)('%s', async (_, loss, expected) => {
    expect(tf.getGradient('Reshape')).toBeUndefined()
    const layers = await import('./index.ts')
    const gradient = tf.grad((x) => loss(layers, x))(tf.tensor2d(logits))
    const values = (await gradient.array()) as number[][]
    for (const [i, row] of values.entries()) {
      for (const [c, value] of row.entries()) expect(value).toBeCloseTo(expected[i]![c]!, 6)
    }
  })
})
