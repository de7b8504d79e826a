import { attentionPlugin } from '@heddle/attention'
import { createRegistry, type PartSpec, RandomStream } from '@heddle/core'
import { layersPlugin, type Module, modelPoint } from '@heddle/layers'
import { layerContract, randomTensor, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { transformerPlugin } from '../plugin.ts'

beforeAll(useCpu)

const [B, T, F, C] = [2, 4, 3, 5]
const registry = createRegistry([layersPlugin, attentionPlugin, transformerPlugin])
const build = (spec: PartSpec, rng = new RandomStream(1)) => registry.create(modelPoint, spec, { rng, registry })
const small = { hiddenSize: 8, numHeads: 2, numLayers: 1 }
const lengths = () => tf.tensor([4, 2], [B], 'int32')
const logits = (model: Module, ...inputs: tf.Tensor[]) => (model.forward(...inputs) as { logits: tf.Tensor }).logits

layerContract('transformer-classifier', {
  make: (rng) => build({ type: 'transformer-classifier', input: { featureSize: F }, numLabels: C, ...small }, rng),
  inputs: (rng) => [randomTensor(rng, [B, T, F]), lengths()],
  run: logits,
  shapes: [[B, C]],
  gradient: { elements: 2, tolerance: 0.01 },
})
layerContract('transformer-tagger', {
  make: (rng) => build({ type: 'transformer-tagger', input: { featureSize: F }, numLabels: C, ...small }, rng),
  inputs: (rng) => [randomTensor(rng, [B, T, F]), lengths()],
  run: logits,
  shapes: [[B, T, C]],
  gradient: { elements: 2, tolerance: 0.01 },
})
layerContract('transformer-forecaster', {
  make: (rng) => build({ type: 'transformer-forecaster', featureSize: F, horizon: 2, ...small }, rng),
  inputs: (rng) => [randomTensor(rng, [B, T, F])],
  shapes: [[B, 2]],
  gradient: { elements: 2, tolerance: 0.01 },
})

describe('a classifier with a Transformer', () => {
  it('is the same as a classifier that names it as its encoder', () => {
    const data = { input: { vocabSize: 7 }, numLabels: C }
    const ids = tf.tensor([1, 2, 3, 4, 5, 6, 0, 0], [B, T], 'int32')
    const flat = build({ type: 'transformer-classifier', ...data, ...small })
    const nested = build({ type: 'classifier', ...data, encoder: { type: 'transformer', ...small } })
    expect([...logits(flat, ids, lengths()).dataSync()]).toEqual([...logits(nested, ids, lengths()).dataSync()])
  })
})
