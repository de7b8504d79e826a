import { RandomStream } from '@heddle/core'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { ConvolutionalEncoder, regionGrid } from './convolutional-encoder.ts'

describe('ConvolutionalEncoder', () => {
  beforeAll(useCpu)
  const config = { height: 9, width: 8, blocks: [3, 5], summarySize: 6 }

  it('gives a memory of regions and a summary', () => {
    const encoder = new ConvolutionalEncoder(config, new RandomStream(1))
    const { memory, state } = encoder.forward(tf.randomUniform([2, 9, 8, 3], 0, 1, 'float32', 1))
    expect(encoder.grid).toEqual([4, 4])
    expect(memory.shape).toEqual([2, 16, 5])
    expect(state.map((layer) => layer.map(({ shape }) => shape))).toEqual([[[2, 6]]])
  })

  it('tells the same thing in two places apart', () => {
    const encoder = new ConvolutionalEncoder(config, new RandomStream(1))
    const at = (x: number) => {
      const buffer = tf.buffer([1, 9, 8, 3])
      buffer.set(1, 0, 4, x, 0)
      return encoder.forward(buffer.toTensor()).state[0]![0]!
    }
    expect(tf.max(tf.abs(tf.sub(at(2), at(6)))).dataSync()[0]).toBeGreaterThan(1e-3)
  })

  it('says when a picture is too small or of another size', () => {
    expect(() => regionGrid({ height: 3, width: 24, blocks: [1, 1, 1] })).toThrow(
      /expected at least 4 pixels a side for 3 blocks, got 3x24/,
    )
    const encoder = new ConvolutionalEncoder(config, new RandomStream(1))
    expect(() => encoder.forward(tf.zeros([2, 8, 9, 3]))).toThrow('expected pictures [B, 9, 8, 3], got [2,8,9,3]')
  })
})
