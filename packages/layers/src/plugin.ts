import type { PartSpec, Plugin } from '@heddle/core'
import * as z from 'zod'
import { Activation, activationConfig } from './activations.ts'
import { adapterPoint } from './adapters/adapter.ts'
import { isLowRank, LowRankAdapter, lowRankConfig } from './adapters/low-rank-adapter.ts'
import { AdaptiveSoftmax, adaptiveSoftmaxConfig } from './adaptive-softmax.ts'
import { Conv2D, conv2dConfig } from './conv2d.ts'
import { Dropout, dropoutConfig } from './dropout.ts'
import { Embedding, embeddingConfig } from './embedding.ts'
import { ConvolutionalEncoder, convolutionalEncoderConfig } from './encoders/convolutional-encoder.ts'
import { encoderPoint } from './encoders/encoder.ts'
import { FrameEncoder, frameEncoderConfig } from './encoders/frame-encoder.ts'
import { LayerNorm, layerNormConfig } from './layer-norm.ts'
import { Linear, linearConfig } from './linear.ts'
import { MaxPool2D, maxPool2dConfig } from './max-pool2d.ts'
import { EncoderClassifier, encoderClassifierConfig } from './models/encoder-classifier.ts'
import { EncoderModel, encoderModelConfig } from './models/encoder-model.ts'
import { EncoderTagger, encoderTaggerConfig } from './models/encoder-tagger.ts'
import { NGramEmbedding, ngramEmbeddingConfig } from './ngram-embedding.ts'
import { layerPoint, modelPoint } from './points.ts'
import { RMSNorm, rmsNormConfig } from './rms-norm.ts'
import { Sequential } from './sequential.ts'

const sequentialConfig = z.strictObject({
  layers: z
    .array(z.looseObject({ type: z.string() }))
    .min(1)
    .describe('layers in order, each { type, … }'),
})

/** Plugin with the layers, encoders and models of this package. */
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
      name: 'adaptive-softmax',
      summary: 'log-probabilities of many classes, frequent ones first, with few operations',
      config: adaptiveSoftmaxConfig,
      create: (config, { rng }) => new AdaptiveSoftmax(config, rng),
    }),
    layerPoint.of({
      name: 'embedding',
      summary: 'table of vectors by id',
      config: embeddingConfig,
      create: (config, { rng }) => new Embedding(config, rng),
    }),
    layerPoint.of({
      name: 'ngram-embedding',
      summary: 'vectors of the n-grams that end at each token',
      config: ngramEmbeddingConfig,
      create: (config, { rng }) => new NGramEmbedding(config, rng),
    }),
    layerPoint.of({
      name: 'layer-norm',
      summary: 'layer normalization',
      config: layerNormConfig,
      create: (config, { rng }) => new LayerNorm(config, rng),
    }),
    layerPoint.of({
      name: 'rms-norm',
      summary: 'root mean square normalization',
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
    adapterPoint.of({
      name: 'lora',
      summary: 'low-rank change of a linear map (LoRA)',
      config: lowRankConfig,
      create: (config, { rng, sharing, ...sizes }) =>
        new LowRankAdapter(config, sizes, rng, sharing && isLowRank(sharing) ? sharing.down : undefined),
    }),
    encoderPoint.of({
      name: 'convolutional',
      summary: 'reads a picture as a grid of regions',
      config: convolutionalEncoderConfig,
      create: (config, context) => new ConvolutionalEncoder(config, context),
    }),
    encoderPoint.of({
      name: 'frames',
      summary: 'reads a clip: convolutional features of each frame, then another encoder',
      config: frameEncoderConfig,
      create: (config, context) => new FrameEncoder(config, context),
    }),
    modelPoint.of({
      name: 'classifier',
      summary: 'any encoder, then a label for the whole input',
      config: encoderClassifierConfig,
      create: (config, context) => new EncoderClassifier(config, context),
    }),
    modelPoint.of({
      name: 'encoder',
      summary: 'any encoder alone: a vector for each step and for the whole input',
      config: encoderModelConfig,
      create: (config, context) => new EncoderModel(config, context),
    }),
    modelPoint.of({
      name: 'tagger',
      summary: 'any encoder, then a label for each step',
      config: encoderTaggerConfig,
      create: (config, context) => new EncoderTagger(config, context),
    }),
  ],
}
