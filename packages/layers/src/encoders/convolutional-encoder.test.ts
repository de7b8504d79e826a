import { RandomStream } from '@heddle/core'
import { encoderContract, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { ConvolutionalEncoder, regionGrid } from './convolutional-encoder.ts'

describe('ConvolutionalEncoder', () => {
  beforeAll(useCpu)
  const config = { blocks: [3, 5], summarySize: 6 }
  const make = () => new ConvolutionalEncoder(config, { input: { height: 9, width: 8 }, rng: new RandomStream(1) })

  it('gives the regions and a summary', () => {
    const encoder = make()
    const { outputs, summary } = encoder.forward(tf.randomUniform([2, 9, 8, 3], 0, 1, 'float32', 1))
    expect(encoder.grid).toEqual([4, 4])
    expect(outputs.shape).toEqual([2, 16, 5])
    expect(summary.shape).toEqual([2, 6])
    expect([encoder.outputSize, encoder.summarySize]).toEqual([5, 6])
  })

  it('tells the same thing in two places apart', () => {
    const encoder = make()
    const at = (x: number) => {
      const buffer = tf.buffer([1, 9, 8, 3])
      buffer.set(1, 0, 4, x, 0)
      return encoder.forward(buffer.toTensor()).summary
    }
    expect(tf.max(tf.abs(tf.sub(at(2), at(6)))).dataSync()[0]).toBeGreaterThan(1e-3)
  })

  it('says when a picture is too small or of another size', () => {
    expect(() => regionGrid({ height: 3, width: 24, blocks: [1, 1, 1] })).toThrow(
      /expected at least 4 pixels a side for 3 blocks, got 3x24/,
    )
    const encoder = make()
    expect(() => encoder.forward(tf.zeros([2, 8, 9, 3]))).toThrow('expected pictures [B, 9, 8, 3], got [2,8,9,3]')
    expect(() => new ConvolutionalEncoder(config, { input: { vocabSize: 4 }, rng: new RandomStream(1) })).toThrow(
      /expected pictures .* as input, got { vocabSize }/,
    )
  })
})

encoderContract('ConvolutionalEncoder', {
  make: (rng) => new ConvolutionalEncoder({ blocks: [3, 5], summarySize: 6 }, { input: { height: 9, width: 8 }, rng }),
  input: { height: 9, width: 8 },
  sizes: { steps: 16, outputSize: 5, summarySize: 6 },
  gradient: { kinks: true, elements: 3, tolerance: 0.01 },
})
