import { attentionPlugin } from '@heddle/attention'
import { createRegistry, type PartSpec, RandomStream } from '@heddle/core'
import { layersPlugin, type Module, modelPoint, setTraining } from '@heddle/layers'
import { expectClose, layerContract, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { transformerPlugin } from '../plugin.ts'

beforeAll(useCpu)

const [B, T, V, C] = [2, 4, 9, 3]
const registry = createRegistry([layersPlugin, attentionPlugin, transformerPlugin])
const encoder = {
  ...{ type: 'bert', hiddenSize: 8, numHeads: 2, numLayers: 1, maxPositions: 6, initializerRange: 0.3, dropout: 0 },
  attention: { dropout: 0 },
}
const build = (spec: PartSpec, rng = new RandomStream(1)) =>
  registry.create(modelPoint, { input: { vocabSize: V }, encoder, ...spec }, { rng, registry })
const ids = () => tf.tensor([1, 2, 3, 4, 5, 6, 7, 0], [B, T], 'int32')
const lengths = () => tf.tensor([4, 3], [B], 'int32')
const segments = () => tf.tensor([0, 0, 1, 1, 0, 1, 1, 0], [B, T], 'int32')
const outputs = (model: Module, ...inputs: unknown[]) => model.forward(...inputs) as Record<string, tf.Tensor>

const models: [PartSpec, (model: Module) => tf.Tensor[], number[][]][] = [
  [
    { type: 'bert-masked-lm' },
    (model) => [outputs(model, ids(), lengths(), { segments: segments() })['logits']!],
    [[B, T, V]],
  ],
  [
    { type: 'bert-pretraining' },
    (model) => Object.values(outputs(model, ids(), lengths(), { segments: segments() })),
    [
      [B, T, V],
      [B, 2],
    ],
  ],
  [{ type: 'bert-next-sentence' }, (model) => [outputs(model, ids(), lengths(), segments())['logits']!], [[B, 2]]],
  [
    { type: 'bert-question-answering' },
    (model) => Object.values(outputs(model, ids(), lengths(), segments())),
    [
      [B, T],
      [B, T],
    ],
  ],
  [{ type: 'electra-discriminator' }, (model) => [outputs(model, ids(), lengths())['logits']!], [[B, T]]],
  [
    { type: 'classifier', numLabels: C, hidden: { activation: 'tanh' } },
    (model) => [outputs(model, ids(), lengths(), segments())['logits']!],
    [[B, C]],
  ],
  [{ type: 'tagger', numLabels: C }, (model) => [outputs(model, ids(), lengths(), segments())['logits']!], [[B, T, C]]],
  [{ type: 'encoder' }, (model) => [outputs(model, ids(), lengths(), segments())['summary']!], [[B, 8]]],
]
for (const [spec, run, shapes] of models) {
  layerContract(`${spec.type} with BERT`, {
    make: (rng) => build(spec, rng),
    inputs: () => [],
    run,
    shapes,
    gradient: { elements: 2, tolerance: 0.01, step: 1e-3 },
  })
}

describe('a masked language model', () => {
  it('predicts the tokens at some places alone with the same numbers', () => {
    for (const type of ['bert-masked-lm', 'bert-pretraining']) {
      const model = build({ type })
      setTraining(model, false)
      const all = outputs(model, ids(), lengths())['logits']!
      const places = tf.tensor([1, 3, 6], [3], 'int32')
      const some = outputs(model, ids(), lengths(), { places })['logits']!
      expectClose(some, tf.gather(tf.reshape(all, [B * T, V]), places))
    }
  })

  it('takes any encoder with token vectors, and refuses others', () => {
    const other = { type: 'transformer', hiddenSize: 8, numHeads: 2, numLayers: 1 }
    const model = build({ type: 'bert-masked-lm', encoder: other })
    expect(outputs(model, ids())['logits']!.shape).toEqual([B, T, V])
    expect(() => build({ type: 'bert-masked-lm', encoder: 'convolutional' })).toThrow()
  })
})

it('a classifier with a hidden layer has dropout before and after it', () => {
  const spec = { type: 'classifier', numLabels: C, hidden: { activation: 'tanh', dropout: 1 } }
  const model = build(spec)
  const logits = () => outputs(model, ids())['logits']!
  // Nothing of the summary is left: each row is the same.
  expectClose(tf.slice(logits(), [0, 0], [1, C]), tf.slice(logits(), [1, 0], [1, C]))
  setTraining(model, false)
  const [first, second] = tf.unstack(logits()) as [tf.Tensor, tf.Tensor]
  expect(tf.max(tf.abs(tf.sub(first, second))).dataSync()[0]).toBeGreaterThan(1e-3)
})

it('reads from left to right where a pass is causal', () => {
  const model = build({ type: 'bert-masked-lm' })
  const last = (id: number, causal: boolean) => {
    const ids = tf.tensor2d([3, 5, 4, id], [1, 4], 'int32')
    return tf.slice((model.forward(ids, undefined, { causal }) as { logits: tf.Tensor }).logits, [0, 0, 0], [1, 3, V])
  }
  expectClose(last(6, true), last(7, true))
  expect(tf.max(tf.abs(tf.sub(last(6, false), last(7, false)))).dataSync()[0]).toBeGreaterThan(1e-3)
})
