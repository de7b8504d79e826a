import { attentionPlugin } from '@heddle/attention'
import { createRegistry, type PartSpec, RandomStream } from '@heddle/core'
import { encoderPoint, layersPlugin, namedParameters, setTraining } from '@heddle/layers'
import { encoderContract, expectClose, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { transformerPlugin } from '../plugin.ts'
import type { BertEncoder } from './bert-encoder.ts'

beforeAll(useCpu)

const registry = createRegistry([layersPlugin, attentionPlugin, transformerPlugin])
const input = { vocabSize: 7 }
// Larger initial weights than BERT's, so that changes show.
const size = { hiddenSize: 8, numHeads: 2, numLayers: 1, maxPositions: 8, initializerRange: 0.3 }
const make = (spec: PartSpec, rng = new RandomStream(1)) =>
  registry.create(encoderPoint, { ...size, ...spec }, { registry, rng, input }) as BertEncoder
const still = { dropout: 0, attention: { dropout: 0 } }

const cases: Record<string, PartSpec> = {
  bert: { type: 'bert', ...still },
  'bert with dropout': { type: 'bert', dropout: 0.3 },
  'bert, pre-norm, without biases, with a gate': {
    ...{ type: 'bert', residual: 'pre-norm', pooling: 'mean', dropout: 0, positions: 'rotary' },
    ...{ attention: { bias: false, dropout: 0 }, feedForward: 'gated-mlp', norm: { type: 'layer-norm', bias: false } },
  },
  roberta: { type: 'roberta', ...still, paddingIndex: 6, maxPositions: 13, pooling: 'max' },
  distilbert: { type: 'distilbert', ...still },
  electra: { type: 'electra', ...still, embeddingSize: 3 },
}
for (const [name, spec] of Object.entries(cases)) {
  // The contract draws the padding index too, which RoBERTa does not count.
  if (spec.type === 'roberta') continue
  encoderContract(`BertEncoder, ${name}`, {
    make: (rng) => make(spec, rng),
    input,
    sizes: { outputSize: 8, summarySize: 8 },
    random: spec['dropout'] !== 0,
    gradient: { elements: 2, tolerance: 0.01, step: 1e-3, kinks: spec['pooling'] === 'max' },
  })
}

const ids = (...rows: number[][]) => tf.tensor2d(rows, undefined, 'int32')

describe('BertEncoder', () => {
  it('tells the segments of a pair apart; without any, all tokens are in the first', () => {
    const encoder = make(cases['bert']!)
    const source = ids([1, 2, 3, 4])
    const read = (segments?: tf.Tensor) => encoder.forward(source, segments && { segments }).outputs
    expectClose(read(), read(ids([0, 0, 0, 0])))
    const difference = tf.max(tf.abs(tf.sub(read(), read(ids([0, 0, 1, 1]))))).dataSync()[0]
    expect(difference).toBeGreaterThan(1e-3)
    expect(() => read(ids([0, 1]))).toThrow(/expected segments \[1,4\] like the tokens, got \[1,2\]/)
  })

  it('roberta counts the tokens that are not padding, from the padding index on', () => {
    const encoder = make(cases['roberta']!)
    const table = encoder.embeddings.positions.ofTokens!(ids([1, 2, 6, 3], [6, 6, 6, 6]))
    const rows = namedParameters(encoder).find(([name]) => name === 'embeddings.positions.weight')![1].value
    expectClose(table, tf.gather(rows as tf.Tensor, tf.tensor([7, 8, 6, 9, 6, 6, 6, 6], [2, 4], 'int32')))
    expect([...tf.slice(rows as tf.Tensor, [6, 0], [1, -1]).dataSync()]).toEqual(new Array(8).fill(0))
    expect(() => encoder.forward(ids([1, 2, 3, 4, 5, 1, 2]))).toThrow(/expected at most 6 steps, got 7/)
  })

  it('is not changed by padding in the other rows, whatever the family', () => {
    for (const spec of [...Object.values(cases), { type: 'roberta', ...still }]) {
      const encoder = make({ ...spec, paddingIndex: 6, maxPositions: 16 })
      setTraining(encoder, false)
      const padded = encoder.forward(ids([1, 2, 3, 6, 6], [1, 2, 3, 4, 5]), {
        lengths: tf.tensor([3, 5], [2], 'int32'),
      })
      const alone = encoder.forward(ids([1, 2, 3]))
      expectClose(tf.slice(padded.outputs, [0, 0, 0], [1, 3, -1]), alone.outputs)
      expectClose(tf.slice(padded.summary, [0, 0], [1, -1]), alone.summary)
    }
  })

  it('has the parts of its kind alone', () => {
    const names = (spec: PartSpec) => namedParameters(make(spec)).map(([name]) => name)
    expect(names({ type: 'bert' })).toContain('pooler.dense.weight')
    expect(names({ type: 'bert' })).not.toContain('embeddings.projection.weight')
    expect(names({ type: 'distilbert' }).join()).not.toMatch(/segments|pooler/)
    expect(names(cases['electra']!)).toContain('embeddings.projection.weight')
  })

  it('reads tokens only', () => {
    const context = { registry, rng: new RandomStream(1), input: { featureSize: 3 } }
    expect(() => registry.create(encoderPoint, { type: 'bert' }, context)).toThrow(/BERT: expected tokens as input/)
  })
})
