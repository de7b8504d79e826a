import type { Plugin } from '@heddle/core'
import { encoderPoint, modelPoint } from '@heddle/layers'
import * as z from 'zod'
import { cellPoint } from './cells/cell.ts'
import { GRUCell } from './cells/gru-cell.ts'
import { LSTMCell } from './cells/lstm-cell.ts'
import { RNNCell, rnnCellConfig } from './cells/rnn-cell.ts'
import { RecurrentClassifier, recurrentClassifierConfig } from './models/classifier.ts'
import { oneToMany, oneToManyConfig } from './models/five-shapes.ts'
import { forecasterConfig, RecurrentForecaster } from './models/forecaster.ts'
import { RecurrentLanguageModel, recurrentLanguageModelConfig } from './models/language-model.ts'
import { OneStep, oneStepConfig } from './models/one-step.ts'
import { RecurrentSeq2Seq, recurrentSeq2SeqConfig } from './models/seq2seq.ts'
import { RecurrentTagger, recurrentTaggerConfig } from './models/tagger.ts'
import { WordTagger, wordTaggerConfig } from './models/word-tagger.ts'
import { RecurrentEncoder, recurrentEncoderConfig } from './recurrent-encoder.ts'

// The sizes come from the network that the cell is built into.
const noConfig = z.strictObject({})

/** Plugin with the cells, the encoder and the models of this package. */
export const rnnPlugin: Plugin = {
  name: '@heddle/rnn',
  contributes: [
    cellPoint.of({
      name: 'rnn',
      summary: 'vanilla recurrent cell (Elman)',
      config: rnnCellConfig.pick({ activation: true }),
      create: ({ activation }, { inputSize, hiddenSize, rng }) =>
        new RNNCell({ inputSize, hiddenSize, activation }, rng),
    }),
    cellPoint.of({
      name: 'lstm',
      summary: 'long short-term memory',
      config: noConfig,
      create: (_, { inputSize, hiddenSize, rng }) => new LSTMCell({ inputSize, hiddenSize }, rng),
    }),
    cellPoint.of({
      name: 'gru',
      summary: 'gated recurrent unit',
      config: noConfig,
      create: (_, { inputSize, hiddenSize, rng }) => new GRUCell({ inputSize, hiddenSize }, rng),
    }),
    encoderPoint.of({
      name: 'recurrent',
      summary: 'reads tokens, vectors or the rows of a picture with a recurrent network',
      config: recurrentEncoderConfig,
      create: (config, context) => new RecurrentEncoder(config, context),
    }),
    modelPoint.of({
      name: 'recurrent-lm',
      summary: 'recurrent language model: predicts each next token',
      config: recurrentLanguageModelConfig,
      create: (config, context) => new RecurrentLanguageModel(config, context),
    }),
    modelPoint.of({
      name: 'recurrent-seq2seq',
      summary: 'recurrent encoder-decoder, with or without attention',
      config: recurrentSeq2SeqConfig,
      create: (config, context) => RecurrentSeq2Seq.create(config, context),
    }),
    modelPoint.of({
      name: 'recurrent-classifier',
      summary: 'many to one: reads a sequence, then classifies it',
      config: recurrentClassifierConfig,
      create: (config, context) => new RecurrentClassifier(config, context),
    }),
    modelPoint.of({
      name: 'recurrent-tagger',
      summary: 'many to many in step: a label for every step',
      config: recurrentTaggerConfig,
      create: (config, context) => new RecurrentTagger(config, context),
    }),
    modelPoint.of({
      name: 'recurrent-one-to-many',
      summary: 'one to many: a sequence made from a single vector',
      config: oneToManyConfig,
      create: (config, context) => oneToMany(config, context),
    }),
    modelPoint.of({
      name: 'recurrent-one-to-one',
      summary: 'one to one: a single step of a cell',
      config: oneStepConfig,
      create: (config, context) => new OneStep(config, context),
    }),
    modelPoint.of({
      name: 'word-tagger',
      summary: 'a label for every word, from word vectors and spelling',
      config: wordTaggerConfig,
      create: (config, context) => new WordTagger(config, context),
    }),
    modelPoint.of({
      name: 'recurrent-forecaster',
      summary: 'many to one: reads a window of a series, then forecasts its next steps',
      config: forecasterConfig,
      create: (config, context) => new RecurrentForecaster(config, context),
    }),
  ],
}
