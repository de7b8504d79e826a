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

/** Runs by name: every cell, both directions, several layers, every attention, style and bridge, and encoders of pictures. */
export const pythonCases = {
  'lm-lstm': lm({ cell: 'lstm', numLayers: 2 }),
  'lm-gru-tied': lm({ cell: 'gru', tied: true }),
  'lm-rnn': lm({ cell: 'rnn' }),
  'lm-rnn-relu': lm({ cell: { type: 'rnn', activation: 'relu' }, numLayers: 2 }),
  // Dropout of the state: steps one by one; the losses of training differ by it.
  'lm-recurrent-dropout': lm({ cell: 'gru', recurrentDropout: 0.2, numLayers: 2 }),
  'classifier-gru': names({ cell: 'gru', bidirectional: true, numLayers: 2 }),
  'classifier-lstm-mean': names({ cell: 'lstm', pooling: 'mean' }),
  'classifier-rnn-max': names({ cell: 'rnn', pooling: 'max', bidirectional: true }),
  'tagger-words': tagger({ wordSize: 8, letterSize: 6, spellingSize: 5, hiddenSize: 7 }),
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
}
