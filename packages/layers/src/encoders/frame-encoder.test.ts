import { createRegistry, RandomStream } from '@heddle/core'
import { encoderContract } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { Module } from '../module.ts'
import { layersPlugin } from '../plugin.ts'
import { type Encoder, type EncoderOptions, type EncoderOutput, encoderPoint } from './encoder.ts'
import type { EncoderInput } from './encoder-input.ts'
import { FrameEncoder } from './frame-encoder.ts'

/** The features as they are, and their sum over the real steps. */
class SumEncoder extends Module implements Encoder {
  readonly outputSize: number
  readonly summarySize: number
  readonly stateSizes: readonly (readonly number[])[]

  constructor(size: number) {
    super()
    this.outputSize = size
    this.summarySize = size
    this.stateSizes = [[size]]
  }

  forward(x: tf.Tensor, { lengths }: EncoderOptions = {}): EncoderOutput {
    const [B, T] = x.shape as [number, number, number]
    if (lengths === undefined) return { outputs: x, summary: tf.sum(x, 1), state: [[tf.sum(x, 1)]] }
    const mask = tf.less(tf.reshape(tf.range(0, T, 1, 'int32'), [1, T]), tf.reshape(lengths, [B, 1]))
    const outputs = tf.mul(x, tf.expandDims(tf.cast(mask, 'float32'), 2))
    return { outputs, summary: tf.sum(outputs, 1), state: [[tf.sum(outputs, 1)]], mask }
  }
}

const sum = encoderPoint.of({
  name: 'sum',
  summary: 'sum of the steps',
  config: z.strictObject({}),
  create: (_, { input }) => new SumEncoder((input as { featureSize: number }).featureSize),
})
const registry = createRegistry([layersPlugin, { name: 'test', contributes: [sum] }])
const input = { featureSize: 4 * 6 * 2, frame: { height: 4, width: 6, channels: 2 } }
const make = (rng: RandomStream, given: EncoderInput = input) =>
  new FrameEncoder({ frame: { blocks: [2, 3], summarySize: 5 }, encoder: 'sum' }, { rng, registry, input: given })

encoderContract('FrameEncoder', {
  make,
  input,
  sizes: { outputSize: 5, summarySize: 5 },
  gradient: { elements: 3, kinks: true, tolerance: 0.01 },
})

describe('FrameEncoder', () => {
  it('reads each frame as the convolutional network reads a picture, and passes on what the encoder can do', () => {
    const encoder = make(new RandomStream(1))
    const frames = tf.randomUniform([2, 3, 48], -1, 1, 'float32', 1)
    const { outputs } = encoder.forward(frames)
    const { summary } = encoder.frame.forward(tf.reshape(tf.slice(frames, [1, 2, 0], [1, 1, 48]), [1, 4, 6, 2]))
    const [of, alone] = [tf.slice(outputs, [1, 2, 0], [1, 1, 5]).dataSync(), summary.dataSync()]
    for (const [i, value] of of.entries()) expect(value).toBeCloseTo(alone[i]!, 5)
    expect(encoder.stateSizes).toEqual([[5]])
  })

  it('says when its input is no clip, or has another size', () => {
    const rng = new RandomStream(1)
    expect(() => make(rng, { featureSize: 48 })).toThrow(/expected vectors that are pictures.*got \{ featureSize \}/)
    expect(() => make(rng, { ...input, featureSize: 40 })).toThrow('expected frames of 40 numbers, got 4x6x2')
    expect(() => make(rng).forward(tf.zeros([2, 3, 40]))).toThrow('expected frames [B, T, 48], got [2,3,40]')
  })
})
