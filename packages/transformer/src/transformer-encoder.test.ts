import { attentionPlugin } from '@heddle/attention'
import { createRegistry, RandomStream } from '@heddle/core'
import { type EncoderInput, layersPlugin } from '@heddle/layers'
import { encoderContract, expectClose, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { transformerPlugin } from './plugin.ts'
import { TransformerEncoder, type TransformerEncoderConfig } from './transformer-encoder.ts'

beforeAll(useCpu)

const registry = createRegistry([layersPlugin, attentionPlugin, transformerPlugin])
const make = (config: TransformerEncoderConfig, input: EncoderInput, rng = new RandomStream(1)) =>
  new TransformerEncoder({ hiddenSize: 8, numHeads: 2, numLayers: 2, ...config }, { registry, rng, input })

const cases: Record<string, [TransformerEncoderConfig, EncoderInput]> = {
  'of tokens': [{}, { vocabSize: 7 }],
  'of vectors, post-norm, by its first step': [
    { residual: 'post-norm', pooling: 'first', numLayers: 1 },
    { featureSize: 3 },
  ],
  'of tokens, with dropout, by the largest values': [
    { dropout: 0.3, pooling: 'max', positions: 'learned' },
    { vocabSize: 7 },
  ],
  'as a language model reads, by its last step': [
    { causal: true, pooling: 'last', scaled: false, positions: 'learned', maxPositions: 16 },
    { vocabSize: 7 },
  ],
  'with relative biases': [{ positions: 'relative-bias', numLayers: 1 }, { featureSize: 3 }],
}
for (const [name, [config, input]] of Object.entries(cases)) {
  encoderContract(`TransformerEncoder ${name}`, {
    make: (rng) => make(config, input, rng),
    input,
    sizes: { outputSize: 8, summarySize: 8 },
    random: config.dropout !== undefined,
    gradient: { elements: 2, tolerance: 0.01, step: 1e-3, kinks: config.pooling === 'max' },
  })
}
encoderContract('TransformerEncoder of pictures', {
  make: (rng) => make({}, { height: 4, width: 3 }, rng),
  input: { height: 4, width: 3 },
  sizes: { steps: 4, outputSize: 8, summarySize: 8 },
  gradient: { elements: 2, tolerance: 0.01 },
})

describe('TransformerEncoder', () => {
  it('knows the order of its input by its positions only', () => {
    const ids = tf.tensor([1, 2, 3, 4], [1, 4], 'int32')
    for (const positions of ['sinusoidal', 'learned', 'rotary', 'alibi', 'relative-bias', 'none']) {
      const encoder = make({ positions }, { vocabSize: 7 })
      const [forth, back] = [encoder.forward(ids).summary, encoder.forward(tf.reverse(ids, 1)).summary]
      const difference = tf.max(tf.abs(tf.sub(forth, back))).dataSync()[0]!
      if (positions === 'none') expectClose(forth, back)
      // ALiBi sees distances, not directions: the mean over all steps is the same from either end.
      else if (positions === 'alibi') expect(difference).toBeLessThan(1e-5)
      else expect(difference, positions).toBeGreaterThan(1e-6)
    }
  })

  it('sees the past alone where it is causal', () => {
    const outputs = (causal: boolean, last: number) => {
      const ids = tf.tensor([1, 2, 3, last], [1, 4], 'int32')
      return tf.slice(make({ causal }, { vocabSize: 7 }).forward(ids).outputs, [0, 0, 0], [1, 3, 8])
    }
    expectClose(outputs(true, 4), outputs(true, 5))
    expect(tf.max(tf.abs(tf.sub(outputs(false, 4), outputs(false, 5)))).dataSync()[0]).toBeGreaterThan(1e-3)
  })
})
