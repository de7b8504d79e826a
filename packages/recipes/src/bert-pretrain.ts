import { corpusFields, maskedLm, readCorpus, textCorpus, tokenFrequencies } from '@heddle/bert-pretrain'
import { stories } from '@heddle/synthetic'
import { recipe } from '@heddle/tasks'

const triangle = { type: 'warmup-stable-decay', warmup: 0.1, decay: 0.9, shape: 'linear' } as const
const adam = { beta2: 0.98, epsilon: 1e-6, weightDecay: 0.01 }

/** An encoder as in the paper: layers of attention with a feed-forward network four times as wide, and dropout of 0.1. */
const encoder = (numLayers: number, hiddenSize: number) => ({
  type: 'bert',
  numLayers,
  hiddenSize,
  numHeads: hiddenSize / 64,
})

/**
 * Pre-trains a BERT on raw text: masked words, and whether two segments belong together.
 *
 * @see Devlin et al. 2019, "BERT: Pre-training of deep bidirectional Transformers for language understanding"
 */
export const bertPretrain = recipe({
  name: 'bert-pretrain',
  summary: 'pre-train a BERT on raw text (built-in: short tales)',
  task: maskedLm,
  data: {
    count: 2_000_000,
    counts: 'number of characters of the built-in text',
    validation: 0.02,
    test: 0.02,
    format: 'text files in UTF-8 of any size, or tables with the setting data.text',
    fields: corpusFields,
    builtIn: ({ count, ...settings }, rng) => textCorpus(stories(count, rng), settings),
    read: (source, settings) => readCorpus(source, settings, 'bert-pretrain'),
  },
  defaults: {
    model: { type: 'bert-pretraining', encoder: encoder(2, 128) },
    tokenizer: { vocabSize: 2000 },
    maxLength: 64,
    training: {
      steps: 1500,
      batchSize: 32,
      learningRate: 1e-3,
      schedule: triangle,
      optimizer: { ...adam, type: 'adamw' },
      evaluateEvery: 250,
    },
  },
  presets: {
    'bert-tiny': {
      summary: '2 layers of width 128, 8,000 word pieces, 128 tokens (Turc et al. 2019)',
      settings: { model: { encoder: encoder(2, 128) }, tokenizer: { vocabSize: 8000 }, maxLength: 128 },
    },
    'bert-mini': {
      summary: '4 layers of width 256, 8,000 word pieces, 128 tokens (Turc et al. 2019)',
      settings: {
        model: { encoder: encoder(4, 256) },
        tokenizer: { vocabSize: 8000 },
        maxLength: 128,
        training: { steps: 20_000, learningRate: 5e-4, evaluateEvery: 1000 },
      },
    },
    // Geiping & Goldstein 2023, "Cramming"; Charpentier & Samuel 2024, "GPT or BERT: why not both?" for gates, the falling rate and the
    // batches that are read from left to right.
    budget: {
      summary:
        'most for little time: norms before layers, no biases, gated layers, rotary positions, no dropout, rows of one document, a falling mask rate, half of the batches from left to right, Muon, a growing batch',
      settings: {
        model: {
          type: 'bert-masked-lm',
          encoder: {
            ...encoder(4, 256),
            residual: 'pre-norm',
            norm: { type: 'layer-norm', bias: false },
            attention: { bias: false, dropout: 0 },
            positions: 'rotary',
            feedForward: { type: 'gated-mlp', activation: 'gelu', bias: false },
            pooling: 'mean',
            dropout: 0,
          },
        },
        tokenizer: { vocabSize: 8000 },
        pairs: 'none',
        acrossDocuments: false,
        causalShare: 0.5,
        masking: { rate: { from: 0.3, to: 0.15 } },
        training: {
          steps: 3000,
          batchSize: 64,
          batchRamp: { from: 32, share: 0.6 },
          learningRate: 3e-3,
          schedule: triangle,
          optimizer: { ...adam, type: 'muon', stepSize: 'adamw', newtonSchulzSteps: 3 },
          evaluateEvery: 500,
        },
      },
    },
  },
  expected: { loss: 2.25 },
  baseline: tokenFrequencies,
})
