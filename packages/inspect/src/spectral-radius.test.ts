import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { spectralRadius } from './spectral-radius.ts'

describe('spectralRadius', () => {
  beforeAll(useCpu)
  const of = (rows: number[][]) => spectralRadius(tf.tensor2d(rows))

  it('is the largest absolute value of an eigenvalue', async () => {
    expect(await of([[0.5, 0, 0], [3, -2, 0], [1, 1, 1]])).toBeCloseTo(2, 2) // biome-ignore format: one line a matrix
    expect(await of([[0, 0], [0, 0]])).toBe(0) // biome-ignore format: one line a matrix
  })

  it('takes complex pairs, where a power iteration would turn for ever', async () => {
    const [c, s] = [1.3 * Math.cos(1), 1.3 * Math.sin(1)]
    expect(await of([[c, -s], [s, c]])).toBeCloseTo(1.3, 3) // biome-ignore format: one line a matrix
  })

  it('does not overflow, leaks nothing and refuses what is not square', async () => {
    const before = tf.memory().numTensors
    const weight = tf.mul(tf.eye(3), 1e6)
    expect((await spectralRadius(weight)) / 1e6).toBeCloseTo(1, 2)
    weight.dispose()
    // tf.eye's own.
    expect(tf.memory().numTensors - before).toBeLessThanOrEqual(1)
    await expect(spectralRadius(tf.zeros([2, 3]))).rejects.toThrow('expected a square matrix, got [2,3]')
  })
})
