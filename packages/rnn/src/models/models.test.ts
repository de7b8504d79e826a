import { createRegistry, RandomStream } from '@heddle/core'
import { loadStateDict, modelPoint, stateDict } from '@heddle/layers'
import { expectClose, layerContract, randomTensor, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { rnnPlugin } from '../plugin.ts'
import type { PoolingKind } from '../pooling.ts'
import { RecurrentClassifier, type RecurrentClassifierConfig } from './classifier.ts'
import { manyToManyAfter, manyToManyInStep, manyToOne, oneToMany, oneToOne } from './five-shapes.ts'
import { RecurrentLanguageModel } from './language-model.ts'
import { RecurrentTagger } from './tagger.ts'

const [B, T, I, C] = [2, 4, 3, 5]
const registry = createRegistry([rnnPlugin])
const input = { vocabSize: 9 }
const embeddingSize = 4
const ids = () => tf.tensor([1, 2, 3, 8, 4, 5, 0, 0], [B, T], 'int32')
const lengths = () => tf.tensor([4, 2], [B], 'int32')
const context = (rng = new RandomStream(1)) => ({ rng, registry })
const classifier = (config: Partial<RecurrentClassifierConfig> = {}, rng?: RandomStream) =>
  new RecurrentClassifier({ input, numLabels: C, embeddingSize, hiddenSize: 6, ...config }, context(rng))

for (const pooling of ['last', 'mean', 'max'] satisfies PoolingKind[]) {
  layerContract(`RecurrentClassifier of the ${pooling}`, {
    make: (rng) => classifier({ pooling, bidirectional: true }, rng),
    inputs: () => [ids(), lengths()],
    run: (model, source, lengths) => model.forward(source!, lengths!).logits,
    shapes: [[B, C]],
    gradient: { elements: 3, kinks: pooling === 'max' },
  })
}

layerContract('RecurrentClassifier with n-grams', {
  make: (rng) => classifier({ ngrams: { embeddingSize: 3, longest: 3, buckets: 7 }, pooling: 'mean' }, rng),
  inputs: () => [ids(), lengths()],
  run: (model, source, lengths) => model.forward(source!, lengths!).logits,
  shapes: [[B, C]],
  gradient: { elements: 3 },
})

layerContract('RecurrentTagger', {
  make: (rng) =>
    new RecurrentTagger({ input: { featureSize: I }, numLabels: C, hiddenSize: 6, cell: 'gru' }, context(rng)),
  inputs: (rng) => [randomTensor(rng, [B, T, I]), lengths()],
  run: (model, source, lengths) => model.forward(source!, lengths!).logits,
  shapes: [[B, T, C]],
  gradient: { elements: 3 },
})

layerContract('one to one', {
  make: (rng) => oneToOne({ input: { featureSize: I }, numLabels: C, hiddenSize: 6 }, context(rng)),
  inputs: (rng) => [randomTensor(rng, [B, I])],
  run: (model, x) => model.forward(x!).logits,
  shapes: [[B, C]],
})

layerContract('one to many', {
  make: (rng) =>
    oneToMany({ source: { featureSize: I }, target: { vocabSize: 7 }, embeddingSize, hiddenSize: 6 }, context(rng)),
  inputs: (rng) => [randomTensor(rng, [B, I]), tf.tensor([0, 3, 6, 0, 5, 1], [B, 3], 'int32')],
  run: (model, features, target) => model.forward(features!, undefined, target!).logits,
  shapes: [[B, 3, 7]],
  gradient: { elements: 3 },
})

describe('RecurrentClassifier', () => {
  beforeAll(useCpu)

  for (const pooling of ['last', 'mean', 'max'] satisfies PoolingKind[]) {
    it(`a padded row gives what it gives alone, with the ${pooling}`, () => {
      const model = classifier({ pooling, bidirectional: true })
      const padded = model.forward(ids(), lengths()).logits
      const alone = model.forward(tf.tensor([4, 5], [1, 2], 'int32')).logits
      expectClose(tf.slice(padded, [1, 0], [1, C]), alone)
    })
  }

  it('a padded row with n-grams gives what it gives alone', () => {
    const model = classifier({ pooling: 'max', bidirectional: true, ngrams: { buckets: 50 } })
    const padded = model.forward(ids(), lengths()).logits
    const alone = model.forward(tf.tensor([4, 5], [1, 2], 'int32')).logits
    expectClose(tf.slice(padded, [1, 0], [1, C]), alone)
  })

  it('refuses n-grams of vectors', () => {
    expect(() => classifier({ input: { featureSize: 3 }, ngrams: {} })).toThrow(/expected ngrams only where the input/)
  })

  it('takes over the weights of a language model, whose last state it then classifies', async () => {
    const trained = new RecurrentLanguageModel({ ...input, embeddingSize, hiddenSize: 6 }, context(new RandomStream(5)))
    const model = classifier()
    const { missing, unexpected } = loadStateDict(model, await stateDict(trained), {
      strict: false,
      rename: (name) => (name.startsWith('output.') ? undefined : name),
    })
    expect([missing, unexpected]).toEqual([['output.weight', 'output.bias'], []])
    const { state } = trained.forward(ids(), { lengths: lengths() })
    expectClose(model.forward(ids(), lengths()).features, state[0]![0]!)
  })
})

describe('RecurrentTagger', () => {
  beforeAll(useCpu)

  it('reads both ways by default, so that a tag may depend on what follows', () => {
    const config = { input, numLabels: C, embeddingSize, hiddenSize: 6 }
    const other = tf.tensor([1, 2, 3, 1, 4, 5, 0, 0], [B, T], 'int32')
    const first = (bidirectional?: boolean) => {
      const model = new RecurrentTagger({ ...config, ...(bidirectional !== undefined && { bidirectional }) }, context())
      return [ids(), other].map((source) =>
        tf.slice(model.forward(source).logits, [0, 0, 0], [1, 1, C]).dataSync().join(),
      )
    }
    expect(new Set(first()).size).toBe(2)
    expect(new Set(first(false)).size).toBe(1)
  })
})

describe('the five shapes', () => {
  beforeAll(useCpu)

  it('map a fixed or a running input to a fixed or a running output', () => {
    const sizes = { embeddingSize, hiddenSize: 6 }
    const vector = randomTensor(new RandomStream(1), [B, I])
    const target = tf.tensor([0, 3, 6, 0, 5, 1], [B, 3], 'int32')
    const shapes = [
      oneToOne({ input: { featureSize: I }, numLabels: C, hiddenSize: 6 }, context()).forward(vector),
      oneToMany({ source: { featureSize: I }, target: input, ...sizes }, context()).forward(vector, undefined, target),
      manyToOne({ input, numLabels: C, ...sizes }, context()).forward(ids(), lengths()),
      manyToManyAfter({ source: input, target: { vocabSize: 7 }, ...sizes, attention: null }, context()).forward(
        ids(),
        lengths(),
        target,
      ),
      manyToManyInStep({ input, numLabels: C, ...sizes }, context()).forward(ids(), lengths()),
    ].map(({ logits }) => logits.shape)
    expect(shapes).toEqual([
      [B, C],
      [B, 3, 9],
      [B, C],
      [B, 3, 7],
      [B, T, C],
    ])
  })

  it('one to many: the vector decides what is written, one step at a time as all at once', () => {
    const model = oneToMany({ source: { featureSize: I }, target: input, embeddingSize, hiddenSize: 6 }, context())
    const [one, other] = [1, 2].map((seed) => randomTensor(new RandomStream(seed), [B, I])) as [tf.Tensor, tf.Tensor]
    const start = tf.tensor([0, 0], [B], 'int32')
    const step = model.step(start, model.encode(one))
    expectClose(tf.expandDims(step.logits, 1), model.forward(one, undefined, tf.expandDims(start, 1)).logits)
    expect(model.step(start, model.encode(other)).logits.dataSync()).not.toEqual(step.logits.dataSync())
    expect(() => model.encode(tf.zeros([B, I + 1]))).toThrow(/VectorEncoder: expected \[B, 3\]/)
  })

  it('every model is built from its name and the sizes of the data alone', () => {
    const specs = [
      { type: 'recurrent-lm', ...input },
      { type: 'recurrent-classifier', input, numLabels: 3 },
      { type: 'recurrent-tagger', input, numLabels: 3 },
      { type: 'recurrent-seq2seq', source: input, target: input, attention: 'none' },
      { type: 'recurrent-one-to-many', source: { featureSize: 3 }, target: input },
      { type: 'recurrent-one-to-one', input: { featureSize: 3 }, numLabels: 3 },
      { type: 'recurrent-forecaster', featureSize: 3, horizon: 2 },
      { type: 'word-tagger', input: { vocabSize: 5, numLetters: 4 }, numLabels: 3 },
    ]
    const built = specs.map((spec) => registry.create(modelPoint, spec, context()).constructor.name)
    expect(built).toEqual([
      'RecurrentLanguageModel',
      'RecurrentClassifier',
      'RecurrentTagger',
      'RecurrentSeq2Seq',
      'RecurrentSeq2Seq',
      'OneStep',
      'RecurrentForecaster',
      'WordTagger',
    ])
    const listed = registry.list(modelPoint).map(({ name }) => name)
    expect(listed.toSorted()).toEqual(specs.map(({ type }) => type).toSorted())
  })
})
