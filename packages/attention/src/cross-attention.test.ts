import { RandomStream } from '@heddle/core'
import { expectClose, layerContract, randomTensor, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { CrossAttention } from './cross-attention.ts'
import { paddingMask } from './masks.ts'

beforeAll(useCpu)

const [B, T, S, D, M, N] = [2, 3, 5, 8, 6, 4]
const config = { hiddenSize: D, memorySize: M, numHeads: N }

layerContract('CrossAttention', {
  make: (rng) => new CrossAttention(config, {}, rng),
  inputs: (rng) => [randomTensor(rng, [B, T, D]), randomTensor(rng, [B, S, M])],
  run: (attention, x, memory) => attention.forward(x!, memory!),
  shapes: [[B, T, D]],
  gradient: { elements: 3 },
})

describe('CrossAttention', () => {
  const x = () => randomTensor(new RandomStream(2), [B, T, D])
  const memory = () => randomTensor(new RandomStream(3), [B, S, M])
  const mask = () => paddingMask(tf.tensor([S, 2], [B], 'int32'), S)

  it.each([4, 2, 1])(
    'gives the same numbers from a prepared memory, with %i heads of keys and values',
    (numKeyValueHeads) => {
      const attention = new CrossAttention({ ...config, numKeyValueHeads }, {}, new RandomStream(1))
      const { outputs, weights } = attention.attend(x(), attention.prepare(memory(), mask()))
      expectClose(outputs, attention.forward(x(), memory(), mask()))
      expect(weights.shape).toEqual([B, N, T, S])
      expectClose(tf.sum(weights, 3), tf.ones([B, N, T]))
      expect([...tf.slice(weights, [1, 0, 0, 2]).dataSync()]).toEqual(new Array(N * T * 3).fill(0))
    },
  )

  it('refuses what has no time axis', () => {
    const attention = new CrossAttention(config, {}, new RandomStream(1))
    expect(() => attention.forward(tf.zeros([B, D]), memory())).toThrow(/expected x \[B, T, D\], got \[2,8\]/)
    expect(() => attention.prepare(tf.zeros([B, M]))).toThrow(/expected memory \[B, S, M\], got \[2,6\]/)
  })
})
