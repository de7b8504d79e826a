import { createRegistry, RandomStream } from '@heddle/core'
import { layerContract, randomTensor } from '@heddle/testing'
import { describe, expect, it } from 'vitest'
import { layersPlugin } from './plugin.ts'
import { layerPoint } from './points.ts'
import type { Sequential } from './sequential.ts'

const registry = createRegistry([layersPlugin])
const build = (spec: { type: string; [key: string]: unknown }, rng = new RandomStream(1)) =>
  registry.create(layerPoint, spec, { rng, registry })

layerContract('sequential from data', {
  make: (rng) =>
    build(
      {
        type: 'sequential',
        layers: [
          { type: 'linear', inputSize: 4, outputSize: 6 },
          { type: 'activation', function: 'gelu' },
          { type: 'layer-norm', size: 6 },
          { type: 'dropout', rate: 0.3 },
          { type: 'linear', inputSize: 6, outputSize: 2 },
        ],
      },
      rng,
    ),
  inputs: (rng) => [randomTensor(rng, [3, 4])],
  shapes: [[3, 2]],
  random: true,
})

describe('layersPlugin', () => {
  it('builds each of its layers by name', () => {
    const specs = [
      { type: 'linear', inputSize: 2, outputSize: 2 },
      { type: 'adaptive-softmax', inputSize: 4, numClasses: 3, cutoffs: [2] },
      { type: 'embedding', numEmbeddings: 2, embeddingSize: 2 },
      { type: 'ngram-embedding', embeddingSize: 2, buckets: 8 },
      { type: 'layer-norm', size: 2 },
      { type: 'rms-norm', size: 2 },
      { type: 'dropout', rate: 0.1 },
      { type: 'activation', function: 'tanh' },
      { type: 'conv2d', inputChannels: 1, outputChannels: 1, kernelSize: 3 },
      { type: 'max-pool2d', size: 2 },
      { type: 'sequential', layers: [{ type: 'linear', inputSize: 2, outputSize: 2 }] },
    ]
    expect(specs.map((spec) => build(spec).constructor.name)).toEqual([
      'Linear',
      'AdaptiveSoftmax',
      'Embedding',
      'NGramEmbedding',
      'LayerNorm',
      'RMSNorm',
      'Dropout',
      'Activation',
      'Conv2D',
      'MaxPool2D',
      'Sequential',
    ])
    expect(
      registry
        .list(layerPoint)
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(specs.map(({ type }) => type).toSorted())
  })

  it('nests sequences, and names what is wrong inside one', () => {
    const nested = { type: 'sequential', layers: [{ type: 'sequential', layers: [{ type: 'dropout', rate: 0 }] }] }
    expect((build(nested) as Sequential).layers[0]!.constructor.name).toBe('Sequential')
    expect(() => build({ type: 'sequential', layers: [{ type: 'liner' }] })).toThrow(/Did you mean 'linear'/)
    expect(() => build({ type: 'sequential', layers: [] })).toThrow(/'layers'/)
  })
})
