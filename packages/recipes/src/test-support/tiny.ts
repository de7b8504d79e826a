import type { Settings } from '@heddle/tasks'

const training = { steps: 3, batchSize: 4, warmupSteps: 1, evaluateEvery: 3 }
const seq2seq = { model: { embeddingSize: 4, hiddenSize: 6 }, training, decoding: { maxLength: 6, beamWidth: 1 } }
const labeler = { model: { embeddingSize: 4, hiddenSize: 4, numLayers: 1 }, training }

/** For each recipe, settings with which it trains in a moment. */
export const TINY: Readonly<Record<string, Settings>> = {
  translate: { ...seq2seq, data: { count: 800, validation: 8, test: 60 } },
  chatbot: { ...seq2seq, data: { count: 800, validation: 8, test: 60 } },
  summarize: { ...seq2seq, data: { count: 800, validation: 8, test: 60 } },
  'text-to-code': { ...seq2seq, data: { count: 800, validation: 8, test: 60 } },
  g2p: { ...seq2seq, data: { count: 800, validation: 8, test: 60 } },
  'char-lm': {
    data: { count: 20_000 },
    sampleLength: 10,
    ...labeler,
    training: { ...training, windowLength: 16 },
  },
  gpt: {
    data: { count: 20_000 },
    sampleLength: 10,
    model: { numLayers: 1, numHeads: 2, hiddenSize: 8, contextLength: 16 },
    training: { ...training, windowLength: 16 },
  },
  'bert-pretrain': {
    data: { count: 60_000 },
    model: { encoder: { numLayers: 1, hiddenSize: 8, numHeads: 2 } },
    tokenizer: { vocabSize: 200 },
    maxLength: 16,
    training,
  },
  'bert-classify': {
    data: { count: 400, validation: 8, test: 60 },
    model: { encoder: { numLayers: 1, hiddenSize: 8, numHeads: 2 } },
    tokenizer: { vocabSize: 200 },
    training: { ...training, schedule: undefined },
  },
  'bert-pairs': {
    data: { count: 300, validation: 8, test: 40 },
    model: { encoder: { numLayers: 1, hiddenSize: 8, numHeads: 2 } },
    tokenizer: { vocabSize: 100 },
    training: { ...training, schedule: undefined },
  },
  'bert-answer': {
    data: { count: 120, validation: 8, test: 20 },
    model: { encoder: { numLayers: 1, hiddenSize: 8, numHeads: 2 } },
    tokenizer: { vocabSize: 100 },
    maxLength: 64,
    training: { ...training, schedule: undefined },
  },
  'bert-tag': {
    data: { count: 300, validation: 8, test: 40 },
    model: { encoder: { numLayers: 1, hiddenSize: 8, numHeads: 2 } },
    tokenizer: { vocabSize: 200 },
    training: { ...training, schedule: undefined },
  },
  'ngram-lm': { data: { count: 20_000 }, model: { order: 4 }, sampleLength: 10 },
  sentiment: { data: { count: 400 }, ...labeler },
  names: { data: { count: 400 }, ...labeler },
  tagger: {
    data: { count: 300 },
    model: { wordSize: 4, letterSize: 3, spellingSize: 3, hiddenSize: 4 },
    training,
  },
  rows: { data: { count: 200, size: 12 }, ...labeler, model: { hiddenSize: 4, numLayers: 1 } },
  'masked-patches': { data: { count: 200, size: 12 }, model: { encoder: { hiddenSize: 4, numLayers: 1 } }, training },
  jigsaw: { data: { count: 200, size: 12 }, model: { encoder: { hiddenSize: 4, numLayers: 1 } }, training },
  frames: { data: { count: 60, frames: 6, size: 8 }, ...labeler, model: { hiddenSize: 4, numLayers: 1 } },
  'spoken-digits': { ...seq2seq, data: { count: 100, validation: 4, test: 10 }, audio: { numMels: 12 } },
  caption: {
    ...seq2seq,
    data: { count: 120, validation: 6, test: 10 },
    model: { ...seq2seq.model, encoder: { blocks: [4, 4, 4], summarySize: 6 } },
  },
  'clip-class': {
    data: { count: 60, size: 8 },
    model: { encoder: { frame: { blocks: [3, 4], summarySize: 4 }, encoder: { hiddenSize: 4 } } },
    training,
  },
  'clip-caption': {
    ...seq2seq,
    data: { count: 60, validation: 6, test: 10, size: 8 },
    model: {
      ...seq2seq.model,
      encoder: { frame: { blocks: [3, 4], summarySize: 4 }, encoder: { hiddenSize: 4 } },
    },
  },
  copy: { ...seq2seq, data: { count: 200, validation: 8, test: 20, longest: 5, longestTested: 7 } },
  reverse: { ...seq2seq, data: { count: 200, validation: 8, test: 20, longest: 5, longestTested: 7 } },
  sort: { ...seq2seq, data: { count: 200, validation: 8, test: 20, longest: 5, longestTested: 7 } },
  addition: { ...seq2seq, data: { count: 400, validation: 8, test: 40, longest: 3, longestTested: 4 } },
  dyck: { data: { count: 200, longest: 12, longestTested: 16 }, ...labeler },
  forecast: { data: { count: 900 }, model: { hiddenSize: 4 }, window: 24, training },
}
