import { attentionPlugin } from '@heddle/attention'
import { createRegistry, RandomStream } from '@heddle/core'
import { layersPlugin, modelPoint, namedParameters, setTraining } from '@heddle/layers'
import { expectClose, layerContract, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { transformerPlugin } from '../plugin.ts'
import { TransformerSeq2Seq, type TransformerSeq2SeqConfig } from './seq2seq.ts'

beforeAll(useCpu)

const [B, S, T, V] = [2, 5, 4, 9]
const registry = createRegistry([layersPlugin, attentionPlugin, transformerPlugin])
const sizes = { source: { vocabSize: 7 }, target: { vocabSize: V }, hiddenSize: 8, numHeads: 2, numLayers: 1 }
const make = (config: Partial<TransformerSeq2SeqConfig> = {}, rng = new RandomStream(1)) =>
  TransformerSeq2Seq.create({ ...sizes, ...config }, { rng, registry })
const source = () => tf.tensor([1, 2, 3, 4, 5, 6, 5, 0, 0, 0], [B, S], 'int32')
const lengths = () => tf.tensor([5, 2], [B], 'int32')
const target = () => tf.tensor([1, 4, 3, 8, 1, 2, 2, 5], [B, T], 'int32')

const kinds: Record<string, Partial<TransformerSeq2SeqConfig>> = {
  'as in the paper': {
    residual: 'post-norm',
    feedForward: { type: 'mlp', activation: 'relu' },
    numLayers: 2,
    target: { vocabSize: 7 },
    sharedEmbeddings: true,
  },
  modern: {
    norm: 'rms-norm',
    feedForward: 'gated-mlp',
    positions: 'rotary',
    attention: { numKeyValueHeads: 1, window: 3 },
    tied: false,
  },
}
for (const [name, config] of Object.entries(kinds)) {
  const vocabSize = config.target?.vocabSize ?? V
  const within = (ids: tf.Tensor) => tf.minimum(ids, tf.scalar(vocabSize - 1, 'int32'))
  layerContract(`TransformerSeq2Seq, ${name}`, {
    make: (rng) => make(config, rng),
    inputs: () => [source(), lengths(), within(target())],
    run: (model, source, lengths, target) => model.forward(source!, lengths!, target!).logits,
    shapes: [[B, T, vocabSize]],
    gradient: { elements: 2, tolerance: 0.02, kinks: name === 'as in the paper' },
  })

  describe(`TransformerSeq2Seq, ${name}`, () => {
    it('steps to the same numbers, with attention over the real steps of the source', () => {
      const model = make(config)
      const { logits } = model.forward(source(), lengths(), within(target()))
      let state = model.encode(source(), lengths())
      const steps = tf.unstack(within(target()), 1).map((tokens) => {
        const step = model.step(tokens, state)
        state = step.state
        return step
      })
      expectClose(
        tf.stack(
          steps.map((step) => step.logits),
          1,
        ),
        logits,
      )
      for (const { attention } of steps) {
        expectClose(tf.sum(attention, 1), tf.ones([B]))
        expect([...tf.slice(attention, [1, 2]).dataSync()]).toEqual([0, 0, 0])
      }
    })

    it('sees neither later targets nor padding of the source', () => {
      const model = make(config)
      const start = tf.slice(within(target()), [1, 0], [1, 2])
      const alone = model.forward(tf.slice(source(), [1, 0], [1, 2]), undefined, start).logits
      const { logits } = model.forward(source(), lengths(), within(target()))
      expectClose(alone, tf.slice(logits, [1, 0, 0], [1, 2, -1]))
    })
  })
}

describe('TransformerSeq2Seq', () => {
  it('reads its own tokens in scheduled sampling, the first one and a share of the others excepted', () => {
    const model = make()
    setTraining(model, false)
    const run = (teacherForcing: number) => model.forward(source(), lengths(), target(), { teacherForcing }).logits
    expectClose(run(1), make().forward(source(), lengths(), target()).logits)
    const first = run(1)
    const own = tf.concat(
      [tf.slice(target(), [0, 0], [B, 1]), tf.slice(tf.cast(tf.argMax(first, -1), 'int32'), [0, 0], [B, T - 1])],
      1,
    )
    expectClose(run(0), model.forward(source(), lengths(), own).logits)
  })

  it('reads vectors and pictures as well, the latter with a convolutional encoder', () => {
    const vectors = make({ source: { featureSize: 3 } })
    expect(vectors.forward(tf.zeros([B, S, 3]), lengths(), target()).logits.shape).toEqual([B, T, V])
    const pictures = make({ source: { height: 8, width: 8 } })
    expect(pictures.encoder.constructor.name).toBe('ConvolutionalEncoder')
    expect(pictures.forward(tf.zeros([B, 8, 8, 3]), undefined, target()).logits.shape).toEqual([B, T, V])
    const rows = make({ source: { height: 8, width: 8 }, encoder: { type: 'transformer', numLayers: 2 } })
    expect(rows.encoder.constructor.name).toBe('TransformerEncoder')
    expect(rows.step(tf.tensor([1, 1], [B], 'int32'), rows.encode(tf.zeros([B, 8, 8, 3]))).attention.shape).toEqual([
      B,
      8,
    ])
  })

  it('shares token vectors on demand', () => {
    const tables = (config: Partial<TransformerSeq2SeqConfig>) =>
      namedParameters(make(config)).filter(([path]) => /embedding|output\.weight$/.test(path) && !/layers/.test(path))
        .length
    const target = { vocabSize: 7 }
    expect([tables({ target, sharedEmbeddings: true }), tables({ target }), tables({ target, tied: false })]).toEqual([
      1, 2, 3,
    ])
    expect(() => make({ sharedEmbeddings: true })).toThrow(
      /expected an encoder with token vectors \[9, 8\] to share, got \[7,8\]/,
    )
  })

  it('refuses shapes that do not fit', () => {
    expect(() => make().forward(source(), lengths(), tf.zeros([3, T], 'int32'))).toThrow(/expected target \[2, T\]/)
    expect(() => make().step(target(), make().encode(source()))).toThrow(/step: expected tokens \[B\], got \[2,4\]/)
  })
})

it.each([
  [{ feedForward: 'mpl' }, 'no feed-forward is named "mpl". Did you mean \'mlp\'?'],
  [{ norm: 'layernorm' }, 'no layer is named "layernorm". Did you mean \'layer-norm\'?'],
  [{ attention: { norm: 'rms' } }, 'no layer is named "rms". Did you mean \'rms-norm\'?'],
  [{ positions: { type: 'rotray' } }, 'no positions is named "rotray". Did you mean \'rotary\'?'],
])('a misspelled part shows before the sizes of the data are known: %j', (settings, message) => {
  expect(() => registry.checkGiven(modelPoint, { type: 'transformer-seq2seq', ...settings })).toThrow(message)
})
