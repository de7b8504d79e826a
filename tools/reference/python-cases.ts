const training = { steps: 8, evaluateEvery: 8, batchSize: 4, warmupSteps: 1 }
const lm = (model: object) => ({
  type: 'char-lm',
  data: { count: 4000 },
  model: { embeddingSize: 12, hiddenSize: 12, dropout: 0, ...model },
  training: { ...training, windowLength: 9 },
  sampleLength: 2,
})
const names = (model: object) => ({
  type: 'names',
  data: { count: 200 },
  model: { embeddingSize: 8, hiddenSize: 10, dropout: 0, ...model },
  training,
})
const tagger = (model: object) => ({ type: 'tagger', data: { count: 60 }, model: { dropout: 0, ...model }, training })
const translate = (model: object) => ({
  type: 'translate',
  data: { count: 120 },
  model: { type: 'recurrent-seq2seq', embeddingSize: 8, hiddenSize: 12, dropout: 0, ...model },
  training,
  decoding: { maxLength: 4 },
})
const size = { hiddenSize: 16, numHeads: 4, numLayers: 2, dropout: 0 }
const gpt = (model: object) => ({
  type: 'gpt',
  data: { count: 4000 },
  model: { ...size, contextLength: 9, norm: 'layer-norm', attention: {}, feedForward: 'mlp', ...model },
  training: { ...training, windowLength: 9, windows: 'random', learningRate: 0.03 },
  sampleLength: 2,
})
const speedrun = { ...gpt({}), preset: 'speedrun' }
const llama = { norm: 'rms-norm', feedForward: 'gated-mlp', positions: 'rotary', tied: false }
const vaswani = {
  ...{ residual: 'post-norm', feedForward: { type: 'mlp', activation: 'relu' }, positions: 'sinusoidal' },
  encoder: { numLayers: 2 },
}
const seq2seq = (model: object, type = 'translate', data: object = { count: 120 }) => ({
  ...{ type, data, training, decoding: { maxLength: 4 } },
  model: { type: 'transformer-seq2seq', ...size, numLayers: 1, ...model },
})
const encoder = (model: object = {}) => ({ type: 'transformer', ...size, ...model })
const labeler = (type: string, model: object, data: object = { count: 200 }) => ({ type, data, model, training })
const bert = { numLayers: 2, hiddenSize: 16, numHeads: 4, dropout: 0, attention: { dropout: 0 }, initializerRange: 0.2 }
const fineTuned = (type: string, model: object, settings: object = {}) => ({
  ...{ type, data: { count: 200 }, tokenizer: { vocabSize: 120 }, training, ...settings },
  model: { dropout: 0, encoder: { ...bert, ...model } },
})

/**
 * Runs by name: every cell, both directions, several layers, every attention, style and bridge, and encoders of pictures; Transformers with
 * every kind of positions, norm, residual, attention and feed-forward network, for every recipe that takes one.
 */
export const pythonCases = {
  'lm-adaptive': lm({ hiddenSize: 16, cutoffs: [7, 19] }),
  'lm-lstm': lm({ cell: 'lstm', numLayers: 2 }),
  'lm-gru-tied': lm({ cell: 'gru', tied: true }),
  'lm-rnn': lm({ cell: 'rnn' }),
  'lm-rnn-relu': lm({ cell: { type: 'rnn', activation: 'relu' }, numLayers: 2 }),
  // Dropout of the state: steps one by one; the losses of training differ by it.
  'lm-recurrent-dropout': lm({ cell: 'gru', recurrentDropout: 0.2, numLayers: 2 }),
  'classifier-gru': names({ cell: 'gru', bidirectional: true, numLayers: 2 }),
  'classifier-lstm-mean': names({ cell: 'lstm', pooling: 'mean' }),
  'classifier-ngrams': names({ ngrams: { embeddingSize: 5, buckets: 1000 }, pooling: 'max' }),
  'classifier-rnn-max': names({ cell: 'rnn', pooling: 'max', bidirectional: true }),
  'tagger-words': tagger({ wordSize: 8, letterSize: 6, spellingSize: 5, hiddenSize: 7 }),
  'tagger-crf': tagger({ wordSize: 8, letterSize: 6, spellingSize: 5, hiddenSize: 7, scoring: 'crf' }),
  'tagger-attributes': {
    ...tagger({ wordSize: 8, letterSize: 6, spellingSize: 5, hiddenSize: 7, attributeSize: 3 }),
    attributes: true,
  },
  'tagger-lstm': tagger({ type: 'recurrent-tagger', embeddingSize: 8, hiddenSize: 7 }),
  'seq2seq-bahdanau-deep': translate({ attention: 'additive' }),
  'seq2seq-bahdanau-lstm': translate({ attention: 'additive', style: 'bahdanau', cell: 'lstm', numLayers: 2 }),
  'seq2seq-luong-general': translate({ attention: 'general', style: 'luong' }),
  'seq2seq-luong-dot-feeding': translate({ attention: 'dot', style: 'luong-input-feeding', cell: 'lstm' }),
  'seq2seq-plain-rnn': translate({ attention: 'none', cell: 'rnn', bridge: 'mean' }),
  'seq2seq-zeros': translate({ attention: 'additive', bridge: 'zeros' }),
  forecast: { type: 'forecast', model: { hiddenSize: 8, dropout: 0 }, training },
  caption: {
    type: 'caption',
    data: { count: 60 },
    model: {
      ...{ hiddenSize: 8, dropout: 0 },
      encoder: { type: 'convolutional', blocks: [6, 8], summarySize: 12, dropout: 0 },
    },
    training,
    decoding: { maxLength: 3 },
  },
  'clip-class': { type: 'clip-class', data: { count: 24 }, model: { dropout: 0 }, training },
  rows: { type: 'rows', data: { count: 80 }, model: { hiddenSize: 8, dropout: 0 }, training },
  gpt: gpt({ positions: 'learned', attention: { bias: false } }),
  'gpt-llama-grouped': gpt({ ...llama, attention: { numKeyValueHeads: 2, bias: false } }),
  'gpt-one-head-of-keys': gpt({ ...llama, attention: { numKeyValueHeads: 1, headSize: 6, norm: 'rms-norm' } }),
  'gpt-window-alibi': gpt({ positions: 'alibi', attention: { window: 3 }, residual: 'post-norm' }),
  'gpt-relative': gpt({ positions: { type: 'relative-bias', numBuckets: 6, maxDistance: 7 } }),
  'gpt-partly-rotary': gpt({
    positions: { type: 'rotary', share: 0.5 },
    feedForward: { type: 'mlp', activation: 'relu-squared' },
  }),
  'gpt-none': gpt({ positions: 'none' }),
  'gpt-dropout': gpt({ dropout: 0.1, attention: { dropout: 0.2 } }),
  // With another optimizer, as torch has no Muon in float32.
  'gpt-speedrun': { ...speedrun, training: { ...speedrun.training, optimizer: 'adamw' } },
  'transformer-vaswani': seq2seq(vaswani),
  'transformer-learned': seq2seq({ positions: 'rotary', encoder: { positions: 'learned', maxPositions: 64 } }),
  'transformer-rotary-gated': seq2seq({ ...llama, attention: { numKeyValueHeads: 2, bias: false, norm: 'rms-norm' } }),
  'transformer-alibi-window': seq2seq({ positions: 'alibi', attention: { window: 2 }, tied: true, outputBias: true }),
  'transformer-relative': seq2seq({ positions: 'relative-bias', encoder: { positions: 'relative-bias' }, tied: false }),
  'transformer-shared': {
    ...seq2seq({ ...vaswani, sharedEmbeddings: true, outputBias: true }),
    tokenizer: { shared: true },
  },
  'transformer-dropout': seq2seq({ dropout: 0.1, attention: { dropout: 0.1 } }),
  'transformer-recurrent-encoder': seq2seq({ encoder: { type: 'recurrent', hiddenSize: 6, bidirectional: true } }),
  summarize: seq2seq({}, 'summarize'),
  'caption-transformer': seq2seq({ encoder: { blocks: [6, 8], summarySize: 12, dropout: 0 } }, 'caption', {
    count: 60,
  }),
  'clip-caption-transformer': seq2seq(
    { encoder: { frame: { blocks: [4, 6], summarySize: 8, dropout: 0 }, encoder: encoder() } },
    'clip-caption',
    { count: 40, size: 8 },
  ),
  'sentiment-transformer': labeler('sentiment', { type: 'transformer-classifier', ...size, pooling: 'mean' }),
  'names-max': labeler('names', { type: 'transformer-classifier', ...size, pooling: 'max', positions: 'rotary' }),
  'names-last': labeler('names', {
    type: 'transformer-classifier',
    ...size,
    pooling: 'last',
    positions: 'learned',
    maxPositions: 32,
  }),
  'names-first': labeler('names', {
    type: 'transformer-classifier',
    ...size,
    pooling: 'first',
    positions: 'alibi',
    causal: true,
    attention: { window: 4 },
  }),
  'tagger-transformer': labeler('tagger', { type: 'transformer-tagger', ...size }, { count: 60 }),
  'rows-transformer': labeler('rows', { type: 'transformer-classifier', ...size }, { count: 80 }),
  'frames-transformer': labeler('frames', { type: 'transformer-tagger', ...size }, { count: 40, frames: 6, size: 8 }),
  'forecast-transformer': { type: 'forecast', model: { type: 'transformer-forecaster', ...size }, training },
  'clip-class-transformer': labeler('clip-class', { type: 'transformer-classifier', ...size }, { count: 24 }),
  jigsaw: labeler('jigsaw', { encoder: encoder() }, { count: 80, size: 12 }),
  'masked-patches': labeler('masked-patches', { encoder: encoder() }, { count: 80, size: 12 }),
  'masked-patches-recurrent': labeler(
    'masked-patches',
    { encoder: { hiddenSize: 6, numLayers: 1 } },
    { count: 80, size: 12 },
  ),
  'bert-pretrain': {
    ...{ type: 'bert-pretrain', data: { count: 60_000 }, tokenizer: { vocabSize: 200 }, maxLength: 24, training },
    model: { encoder: bert },
  },
  'bert-pretrain-budget': {
    ...{
      type: 'bert-pretrain',
      preset: 'budget',
      data: { count: 300_000 },
      tokenizer: { vocabSize: 200 },
      maxLength: 24,
    },
    model: { encoder: { numLayers: 2, hiddenSize: 16, numHeads: 4, initializerRange: 0.2 } },
    // PyTorch's Muon computes in bfloat16.
    training: { ...training, optimizer: { type: 'adamw' } },
  },
  'bert-classify': fineTuned('bert-classify', {}),
  'bert-pairs-electra': fineTuned('bert-pairs', { type: 'electra', embeddingSize: 8, pooling: 'mean' }),
  'bert-pairs-scores': fineTuned('bert-pairs', { pooling: 'max' }, { data: { count: 200, builtIn: 'scores' } }),
  'bert-answer': fineTuned('bert-answer', { residual: 'pre-norm', feedForward: 'gated-mlp' }, { maxLength: 64 }),
  'bert-tag-roberta': fineTuned('bert-tag', { type: 'roberta', maxPositions: 130 }),
}
