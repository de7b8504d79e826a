import { attentionPlugin } from '@heddle/attention'
import { createRegistry, RandomStream } from '@heddle/core'
import { countParameters, layersPlugin, modelPoint, namedParameters } from '@heddle/layers'
import { expectClose, layerContract, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { transformerPlugin } from '../plugin.ts'
import { TransformerLanguageModel, type TransformerLanguageModelConfig } from './language-model.ts'

beforeAll(useCpu)

const [B, T, V] = [2, 6, 9]
const registry = createRegistry([layersPlugin, attentionPlugin, transformerPlugin])
const sizes = { vocabSize: V, hiddenSize: 8, numHeads: 2, numLayers: 2, contextLength: 12 }
const make = (config: Partial<TransformerLanguageModelConfig> = {}, rng = new RandomStream(1)) =>
  new TransformerLanguageModel({ ...sizes, ...config }, { rng, registry })
const ids = (time = T) =>
  tf.tensor(
    Array.from({ length: B * time }, (_, i) => (i * i + 3) % V),
    [B, time],
    'int32',
  )

const modern: Partial<TransformerLanguageModelConfig> = {
  norm: 'rms-norm',
  feedForward: 'gated-mlp',
  attention: { numKeyValueHeads: 1, norm: 'rms-norm', bias: false },
  tied: false,
}
const kinds: Record<string, Partial<TransformerLanguageModelConfig>> = {
  GPT: { positions: 'learned' },
  modern,
  'ALiBi, post-norm': { positions: 'alibi', residual: 'post-norm' },
  'sliding window': { attention: { window: 3 } },
  'sinusoidal positions': { positions: 'sinusoidal' },
  'relative bias': { positions: 'relative-bias' },
  'no positions': { positions: 'none' },
}

for (const [name, config] of Object.entries(kinds)) {
  layerContract(`TransformerLanguageModel, ${name}`, {
    make: (rng) => make(config, rng),
    inputs: () => [ids(4)],
    run: (model, source) => model.forward(source!).logits,
    shapes: [[B, 4, V]],
    // Norms of vectors that start small are sharply curved.
    gradient: { elements: 2, tolerance: 0.01, step: 1e-3 },
  })
}

describe.each(Object.entries(kinds))('TransformerLanguageModel, %s', (_, config) => {
  const model = () => make(config, new RandomStream(3))

  it('does not see the future', () => {
    const all = model().forward(ids()).logits
    const start = model().forward(tf.slice(ids(), [0, 0], [B, 4])).logits
    expectClose(start, tf.slice(all, [0, 0, 0], [B, 4, V]))
  })

  it('steps to the same numbers', () => {
    const own = model()
    let state = own.initialState(B)
    const logits: tf.Tensor[] = []
    for (const token of tf.unstack(ids(), 1)) {
      const read = own.step(token, state)
      logits.push(read.logits)
      state = read.state
    }
    expectClose(tf.stack(logits, 1), own.forward(ids()).logits)
    const prompt = own.extend(tf.slice(ids(), [0, 0], [B, 4]), own.initialState(B))
    const rest = own.extend(tf.slice(ids(), [0, 4], [B, 2]), prompt.state)
    expectClose(rest.logits, tf.slice(own.forward(ids()).logits, [0, 4, 0], [B, 2, V]))
  })

  it('reads a prompt in one pass to the numbers of single steps, past a full context too', () => {
    const own = model()
    const long = ids(31)
    let state = own.initialState(B)
    for (const [t, token] of tf.unstack(long, 1).entries()) {
      const read = own.step(token, state)
      // In two passes, so that the second has a state to go on from.
      const first = own.prefill(tf.slice(long, [0, 0], [B, 1 + (t % 5)]), own.initialState(B))
      const at = 1 + (t % 5)
      const whole =
        t + 1 <= at
          ? own.prefill(tf.slice(long, [0, 0], [B, t + 1]), own.initialState(B))
          : own.prefill(tf.slice(long, [0, at], [B, t + 1 - at]), first.state)
      expectClose(whole.logits, read.logits)
      state = read.state
    }
  })
})

describe('TransformerLanguageModel', () => {
  it('goes on when its context is full, from the later half of it', () => {
    const model = make()
    const long = ids(20)
    let state = model.initialState(B)
    const read = Array.from({ length: 20 }, (_, t) => {
      const next = model.step(tf.reshape(tf.slice(long, [0, t], [B, 1]), [B]), state)
      state = next.state
      return next.logits
    })
    // Token 12 is the thirteenth: the last six are read anew, and fill the context again at token 18.
    const after = (from: number, t: number) => {
      const { logits } = model.forward(tf.slice(long, [0, from], [B, t - from + 1]))
      return tf.reshape(tf.slice(logits, [0, t - from, 0], [B, 1, V]), [B, V])
    }
    expectClose(read[11]!, after(0, 11))
    expectClose(read[12]!, after(7, 12))
    expectClose(read[18]!, after(7, 18))
    expectClose(read[19]!, after(14, 19))
  })

  it('has one table for both ends when tied, and two otherwise', () => {
    const names = (model: TransformerLanguageModel) => namedParameters(model).map(([path]) => path)
    expect(names(make()).filter((path) => !path.startsWith('layers'))).toEqual([
      'input.embedding.weight',
      'norm.weight',
      'norm.bias',
    ])
    expect(names(make({ tied: false }))).toContain('output.weight')
    expect(countParameters(make({ tied: false })).total - countParameters(make()).total).toBe(8 * V)
  })

  it('starts near a uniform distribution', () => {
    const { logits } = make().forward(ids())
    expect(tf.max(tf.abs(logits)).dataSync()[0]).toBeLessThan(0.5)
  })

  it('is built from a config by its name alone, for a given vocabulary', () => {
    const model = registry.create(
      modelPoint,
      { type: 'transformer-lm', vocabSize: V },
      { rng: new RandomStream(1), registry },
    )
    expect(model).toBeInstanceOf(TransformerLanguageModel)
  })

  it('refuses more tokens than its context, and what is not [B, T]', () => {
    expect(() => make().forward(ids(13))).toThrow(/expected at most 12 tokens \(contextLength\), got 13/)
    expect(() => make().forward(tf.zeros([B], 'int32'))).toThrow(
      /expected ids \[B, T\] with T of at least 1, got \[2\]/,
    )
    expect(() => make().step(ids(), make().initialState(B))).toThrow(/step: expected tokens \[B\], got \[2,6\]/)
  })
})
