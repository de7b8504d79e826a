import type { PartSpec, Plugin } from '@heddle/core'
import { z } from 'zod'
import { Activation, activationConfig } from './activations.ts'
import { Conv2D, conv2dConfig } from './conv2d.ts'
import { Dropout, dropoutConfig } from './dropout.ts'
import { Embedding, embeddingConfig } from './embedding.ts'
import { LayerNorm, layerNormConfig } from './layer-norm.ts'
import { Linear, linearConfig } from './linear.ts'
import { MaxPool2D, maxPool2dConfig } from './max-pool2d.ts'
import { layerPoint } from './points.ts'
import { RMSNorm, rmsNormConfig } from './rms-norm.ts'
import { Sequential } from './sequential.ts'

const sequentialConfig = z.strictObject({
  layers: z
    .array(z.looseObject({ type: z.string() }))
    .min(1)
    .describe('the layers, first to last, each { type, … }'),
})

/** The layers of this package as a plugin. */
export const layersPlugin: Plugin = {
  name: '@heddle/layers',
  contributes: [
    layerPoint.of({
      name: 'linear',
      summary: 'affine map',
      config: linearConfig,
      create: (config, { rng }) => new Linear(config, rng),
    }),
    layerPoint.of({
      name: 'embedding',
      summary: 'table of vectors by id',
      config: embeddingConfig,
      create: (config, { rng }) => new Embedding(config, rng),
    }),
    layerPoint.of({
      name: 'layer-norm',
      summary: 'layer normalisation',
      config: layerNormConfig,
      create: (config, { rng }) => new LayerNorm(config, rng),
    }),
    layerPoint.of({
      name: 'rms-norm',
      summary: 'root mean square normalisation',
      config: rmsNormConfig,
      create: (config, { rng }) => new RMSNorm(config, rng),
    }),
    layerPoint.of({
      name: 'dropout',
      summary: 'random zeroing in training',
      config: dropoutConfig,
      create: (config, { rng }) => new Dropout(config, rng),
    }),
    layerPoint.of({
      name: 'activation',
      summary: 'element-wise function',
      config: activationConfig,
      create: (config) => new Activation(config),
    }),
    layerPoint.of({
      name: 'conv2d',
      summary: 'two-dimensional convolution',
      config: conv2dConfig,
      create: (config, { rng }) => new Conv2D(config, rng),
    }),
    layerPoint.of({
      name: 'max-pool2d',
      summary: 'largest value of every window',
      config: maxPool2dConfig,
      create: (config) => new MaxPool2D(config),
    }),
    layerPoint.of({
      name: 'sequential',
      summary: 'layers one after the other',
      config: sequentialConfig,
      create: ({ layers }, context) =>
        new Sequential(layers.map((spec) => context.registry.create(layerPoint, spec as PartSpec, context))),
    }),
  ],
}
