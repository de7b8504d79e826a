import type { Plugin } from '@heddle/core'
import { encoderPoint, modelPoint, pretrainedPoint } from '@heddle/layers'
import * as z from 'zod'
import { bertContributions } from './bert/contributions.ts'
import { formatOfModel, loadCheckpoint, saveCheckpoint } from './hugging-face/checkpoint.ts'
import { adaptersIn, loadAdapters } from './hugging-face/load-adapters.ts'
import { saveAdapters } from './hugging-face/save-adapters.ts'
import { feedForwardPoint, MLP, mlpConfig } from './layers/feed-forward.ts'
import { GatedMLP, gatedMlpConfig } from './layers/gated-mlp.ts'
import {
  transformerClassifier,
  transformerClassifierConfig,
  transformerTagger,
  transformerTaggerConfig,
} from './models/encoder-heads.ts'
import { TransformerForecaster, transformerForecasterConfig } from './models/forecaster.ts'
import { TransformerLanguageModel, transformerLanguageModelConfig } from './models/language-model.ts'
import { TransformerSeq2Seq, transformerSeq2SeqConfig } from './models/seq2seq.ts'
import { TransformerEncoder, transformerEncoderConfig } from './transformer-encoder.ts'

/** Training that suits Transformers of the default size: smaller steps than recurrent networks take, after a longer warm-up. */
const training = { learningRate: 1e-3, warmupSteps: 200 }

/** Plugin with the feed-forward networks, the encoder and the models of this package. */
export const transformerPlugin: Plugin = {
  name: '@heddle/transformer',
  contributes: [
    pretrainedPoint.of({
      name: 'hugging-face',
      summary: 'folders of transformers: config.json with a model_type, and safetensors',
      config: z.strictObject({}),
      create: () => ({
        reads: (config) => typeof config['model_type'] === 'string',
        load: loadCheckpoint,
        config: (spec, context) => formatOfModel(spec, context, 'export').config,
        save: saveCheckpoint,
        adaptersIn,
        loadAdapters,
        saveAdapters,
      }),
    }),
    feedForwardPoint.of({
      name: 'mlp',
      summary: 'two linear maps with an activation between them',
      config: mlpConfig.omit({ hiddenSize: true }),
      create: (config, { hiddenSize, rng, initial }) => new MLP({ ...config, hiddenSize }, rng, initial),
    }),
    feedForwardPoint.of({
      name: 'gated-mlp',
      summary: 'feed-forward network with a gate (SwiGLU, GeGLU)',
      config: gatedMlpConfig.omit({ hiddenSize: true }),
      create: (config, { hiddenSize, rng, initial }) => new GatedMLP({ ...config, hiddenSize }, rng, initial),
    }),
    encoderPoint.of({
      name: 'transformer',
      summary: 'reads tokens, vectors or the rows of a picture with self-attention',
      config: transformerEncoderConfig,
      create: (config, context) => new TransformerEncoder(config, context),
    }),
    modelPoint.of({
      name: 'transformer-lm',
      summary: 'decoder-only Transformer (GPT): predicts each next token',
      config: transformerLanguageModelConfig,
      suits: { training: { ...training, windows: 'random', windowLength: 128 } },
      create: (config, context) => new TransformerLanguageModel(config, context),
    }),
    modelPoint.of({
      name: 'transformer-seq2seq',
      summary: 'encoder-decoder Transformer',
      config: transformerSeq2SeqConfig,
      suits: {
        training: {
          learningRate: 4e-3,
          warmupSteps: 100,
          optimizer: { type: 'adamw', weightDecay: 0.01, beta2: 0.98 },
        },
      },
      create: (config, context) => TransformerSeq2Seq.create(config, context),
    }),
    modelPoint.of({
      name: 'transformer-classifier',
      summary: 'reads a sequence with a Transformer, then classifies it',
      config: transformerClassifierConfig,
      suits: { training },
      create: (config, context) => transformerClassifier(config, context),
    }),
    modelPoint.of({
      name: 'transformer-tagger',
      summary: 'a label for every step, from a Transformer',
      config: transformerTaggerConfig,
      suits: { training },
      create: (config, context) => transformerTagger(config, context),
    }),
    modelPoint.of({
      name: 'transformer-forecaster',
      summary: 'reads a window of a series with a Transformer, then forecasts its next steps',
      config: transformerForecasterConfig,
      suits: { training: { ...training, warmupSteps: 100 } },
      create: (config, context) => new TransformerForecaster(config, context),
    }),
    ...bertContributions,
  ],
}
