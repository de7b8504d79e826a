import { attentionPlugin, emptyCache } from '@heddle/attention'
import { createRegistry, RandomStream } from '@heddle/core'
import { type BuildContext, layersPlugin } from '@heddle/layers'
import { expectClose, layerContract, randomTensor, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { transformerPlugin } from '../plugin.ts'
import { MLP } from './feed-forward.ts'
import { GatedMLP } from './gated-mlp.ts'
import { gptInitial, LayerParts, transformerFields, xavierInitial } from './layer-config.ts'

beforeAll(useCpu)

const [B, T, S, D, M] = [2, 4, 3, 8, 6]
const registry = createRegistry([layersPlugin, attentionPlugin, transformerPlugin])
const schema = z.strictObject(transformerFields)

function parts(settings: z.input<typeof schema>, causal = false, rng = new RandomStream(1)) {
  const context: BuildContext = { rng, registry }
  const parsed = schema.parse({ hiddenSize: D, numHeads: 2, ...settings })
  return new LayerParts(parsed, { causal, initial: xavierInitial }, context)
}

for (const activation of ['relu', 'gelu', 'silu', 'relu-squared'] as const) {
  layerContract(`MLP with ${activation}`, {
    make: (rng) => new MLP({ hiddenSize: 4, innerSize: 5, activation }, rng),
    inputs: (rng) => [randomTensor(rng, [B, T, 4])],
    shapes: [[B, T, 4]],
    gradient: { elements: 4, kinks: activation.startsWith('relu') },
  })
}
layerContract('GatedMLP', {
  make: (rng) => new GatedMLP({ hiddenSize: 4, innerSize: 5 }, rng),
  inputs: (rng) => [randomTensor(rng, [B, T, 4])],
  shapes: [[B, T, 4]],
  gradient: { elements: 4 },
})

const modern = {
  norm: { type: 'rms-norm' },
  feedForward: 'gated-mlp',
  positions: 'rotary',
  attention: { numKeyValueHeads: 1, norm: 'rms-norm', bias: false },
} as const

for (const [name, settings] of Object.entries({
  'post-norm': { residual: 'post-norm' } as const,
  'pre-norm': { dropout: 0.2 },
  modern,
  'without biases': { norm: { type: 'layer-norm', bias: false }, attention: { bias: false }, positions: 'alibi' },
})) {
  layerContract(`TransformerEncoderLayer, ${name}`, {
    make: (rng) => parts(settings, false, rng).encoderLayer(),
    inputs: (rng) => [randomTensor(rng, [B, T, D])],
    shapes: [[B, T, D]],
    random: 'dropout' in settings,
    gradient: { elements: 2, tolerance: 0.01 },
  })
  layerContract(`TransformerDecoderLayer, ${name}`, {
    make: (rng) => parts(settings, true, rng).decoderLayer(M),
    inputs: (rng) => [randomTensor(rng, [B, T, D]), randomTensor(rng, [B, S, M])],
    shapes: [[B, T, D]],
    random: 'dropout' in settings,
    gradient: { elements: 2, tolerance: 0.01 },
  })
}

describe('layers of a Transformer', () => {
  it('read step by step what they read at once', () => {
    const rng = new RandomStream(5)
    const [x, source] = [randomTensor(rng, [B, T, D]), randomTensor(rng, [B, S, M])]
    const step = (t: number) => tf.slice(x, [0, t, 0], [B, 1, D])
    const encoder = parts(modern, true).encoderLayer()
    const decoder = parts(modern, true).decoderLayer(M)
    let cache = emptyCache
    let state = { cache, source: decoder.crossAttention.prepare(source) }
    const outputs: [tf.Tensor, tf.Tensor][] = []
    for (let t = 0; t < T; t++) {
      const a = encoder.extend(step(t), cache)
      const b = decoder.extend(step(t), state)
      cache = a.cache
      state = b.state
      outputs.push([a.outputs, b.outputs])
    }
    expectClose(
      tf.concat(
        outputs.map(([a]) => a),
        1,
      ),
      encoder.forward(x),
    )
    expectClose(
      tf.concat(
        outputs.map(([, b]) => b),
        1,
      ),
      decoder.forward(x, source),
    )
  })

  it('have the parts that the settings name', () => {
    const layer = parts(modern, true).encoderLayer()
    expect(layer.attentionNorm.constructor.name).toBe('RMSNorm')
    expect(layer.feedForward.constructor.name).toBe('GatedMLP')
    expect(layer.attention.positions!.constructor.name).toBe('RotaryPositions')
    expect(layer.attention.keyNorm!.constructor.name).toBe('RMSNorm')
    expect(layer.attention.key.bias).toBeUndefined()
    expect(layer.attention.key.weight.shape).toEqual([D, 4])
    expect(() => parts({ feedForward: 'gatd-mlp' }).encoderLayer()).toThrow(/no feed-forward is named "gatd-mlp"/)
    expect(() => parts({ numHeads: 3 })).toThrow(
      /Transformer: expected hiddenSize to be a multiple of numHeads \(3\), got 8/,
    )
  })

  it("start like GPT-2's: what they add to the residual stream shrinks with the number of layers", () => {
    const { input, output } = gptInitial(8)
    const deviation = (initializer: NonNullable<typeof input.weight>) => {
      const values = initializer([50, 50], new RandomStream(1))
      return Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length)
    }
    expect(deviation(input.weight!)).toBeCloseTo(0.02, 3)
    expect(deviation(output.weight!)).toBeCloseTo(0.005, 3)
  })
})
