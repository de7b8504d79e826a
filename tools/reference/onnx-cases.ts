const input = { vocabSize: 31 }
const recurrent = { embeddingSize: 6, hiddenSize: 8 }
const bert = { hiddenSize: 16, numLayers: 2, numHeads: 4, maxPositions: 24, initializerRange: 0.3, paddingIndex: 1 }
const transformer = { hiddenSize: 16, numLayers: 2, numHeads: 4, contextLength: 24 }
const { contextLength: _, ...layers } = transformer
const pair = { source: input, target: { vocabSize: 29 } }

/** Models by name: recurrent ones of each cell, BERT's family with each head, GPT and Llama, encoder-decoders, pictures. */
export const onnxCases: Readonly<Record<string, Readonly<Record<string, unknown>> & { readonly type: string }>> = {
  'lm-lstm': { type: 'recurrent-lm', vocabSize: 31, ...recurrent, cell: 'lstm', numLayers: 2 },
  'lm-gru-tied': { type: 'recurrent-lm', vocabSize: 31, embeddingSize: 8, hiddenSize: 8, cell: 'gru', tied: true },
  'lm-rnn': { type: 'recurrent-lm', vocabSize: 31, ...recurrent, cell: 'rnn' },
  'lm-adaptive': { type: 'recurrent-lm', vocabSize: 31, embeddingSize: 8, hiddenSize: 16, cutoffs: [7, 19] },
  'classifier-lstm': {
    ...{ type: 'recurrent-classifier', input, numLabels: 3, ...recurrent },
    ...{ bidirectional: true, numLayers: 2 },
  },
  'classifier-gru-mean': {
    ...{ type: 'recurrent-classifier', input, numLabels: 3, ...recurrent },
    ...{ cell: 'gru', pooling: 'mean' },
  },
  'classifier-ngrams': {
    ...{ type: 'recurrent-classifier', input, numLabels: 3, ...recurrent },
    ...{ ngrams: { embeddingSize: 5, longest: 5, buckets: 1000 }, pooling: 'max' },
  },
  'classifier-relu-max': {
    ...{ type: 'recurrent-classifier', input: { featureSize: 5 }, numLabels: 3, ...recurrent },
    ...{ cell: { type: 'rnn', activation: 'relu' }, pooling: 'max' },
  },
  tagger: { type: 'recurrent-tagger', input, numLabels: 4, ...recurrent },
  forecaster: { type: 'recurrent-forecaster', featureSize: 3, horizon: 4, hiddenSize: 8 },
  rows: {
    ...{ type: 'recurrent-classifier', input: { height: 6, width: 5, channels: 1 }, numLabels: 3 },
    ...{ hiddenSize: 8 },
  },
  pictures: {
    ...{ type: 'classifier', input: { height: 12, width: 12, channels: 1 }, numLabels: 3 },
    encoder: { type: 'convolutional', blocks: [4, 6], summarySize: 10 },
  },
  'seq2seq-additive': { type: 'recurrent-seq2seq', ...pair, ...recurrent },
  'seq2seq-lstm-general': {
    ...{ type: 'recurrent-seq2seq', ...pair, ...recurrent },
    ...{ cell: 'lstm', attention: 'general', style: 'luong-input-feeding', numLayers: 2 },
  },
  'seq2seq-plain': { type: 'recurrent-seq2seq', ...pair, ...recurrent, cell: 'rnn', attention: 'none' },
  'bert-classifier': { type: 'classifier', input, numLabels: 3, encoder: { type: 'bert', ...bert } },
  'bert-tagger': { type: 'tagger', input, numLabels: 3, encoder: { type: 'bert', ...bert } },
  'bert-masked-lm': { type: 'bert-masked-lm', input, encoder: { type: 'bert', ...bert, pooling: 'first' } },
  'bert-answers': { type: 'bert-question-answering', input, encoder: { type: 'bert', ...bert } },
  'roberta-classifier': {
    ...{ type: 'classifier', input, numLabels: 3, hidden: { activation: 'tanh', dropout: 0 } },
    encoder: { type: 'roberta', ...bert },
  },
  'distilbert-classifier': {
    ...{ type: 'classifier', input, numLabels: 3, hidden: { activation: 'relu', dropout: 0 } },
    encoder: { type: 'distilbert', ...bert },
  },
  'electra-classifier': {
    ...{ type: 'classifier', input, numLabels: 3, hidden: { activation: 'gelu', dropout: 0 } },
    encoder: { type: 'electra', ...bert, embeddingSize: 8 },
  },
  gpt2: { type: 'transformer-lm', vocabSize: 31, ...transformer, positions: 'learned' },
  llama: {
    ...{ type: 'transformer-lm', vocabSize: 31, ...transformer, norm: 'rms-norm', feedForward: 'gated-mlp' },
    ...{ positions: 'rotary', attention: { bias: false } },
  },
  'transformer-classifier': {
    ...{ type: 'classifier', input, numLabels: 3 },
    encoder: { type: 'transformer', hiddenSize: 16, numLayers: 2, numHeads: 4 },
  },
  'transformer-seq2seq': { type: 'transformer-seq2seq', ...pair, hiddenSize: 16, numLayers: 2, numHeads: 4 },
  'gpt-alibi-window': {
    type: 'transformer-lm',
    vocabSize: 31,
    ...transformer,
    positions: 'alibi',
    attention: { window: 3 },
  },
  'gpt-window': {
    type: 'transformer-lm',
    vocabSize: 31,
    ...transformer,
    positions: 'rotary',
    attention: { window: 4 },
  },
  'gpt-relative': { type: 'transformer-lm', vocabSize: 31, ...transformer, positions: 'relative-bias' },
  'transformer-relative-max': {
    ...{ type: 'classifier', input, numLabels: 3 },
    encoder: { type: 'transformer', ...layers, positions: { type: 'relative-bias', numBuckets: 8 }, pooling: 'max' },
  },
  'transformer-alibi-last': {
    ...{ type: 'classifier', input, numLabels: 3 },
    encoder: { type: 'transformer', ...layers, positions: 'alibi', pooling: 'last' },
  },
  'seq2seq-relative-window': {
    type: 'transformer-seq2seq',
    ...pair,
    ...layers,
    positions: 'relative-bias',
    attention: { window: 3 },
  },
  'budget-masked-lm': {
    ...{ type: 'bert-masked-lm', input },
    encoder: {
      ...{ type: 'bert', ...bert, residual: 'pre-norm', norm: { type: 'layer-norm', bias: false }, pooling: 'first' },
      ...{ attention: { bias: false }, feedForward: { type: 'gated-mlp', activation: 'gelu', bias: false } },
    },
  },
  'word-tagger': {
    ...{ type: 'word-tagger', input: { vocabSize: 9, numLetters: 12 }, numLabels: 3, hiddenSize: 6 },
    ...{ wordSize: 4, letterSize: 3, spellingSize: 4 },
  },
  'word-tagger-attributes': {
    ...{
      type: 'word-tagger',
      numLabels: 3,
      hiddenSize: 6,
      wordSize: 4,
      letterSize: 3,
      spellingSize: 4,
      attributeSize: 2,
    },
    input: { vocabSize: 9, numLetters: 12, attributes: { numAttributes: 7, perWord: 6 } },
  },
  jigsaw: {
    type: 'jigsaw-solver',
    input: { featureSize: 12 },
    numRows: 12,
    side: 3,
    encoder: { type: 'transformer', ...layers },
  },
}
