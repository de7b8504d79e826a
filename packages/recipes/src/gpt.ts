import { readTexts } from '@heddle/data'
import { stories } from '@heddle/synthetic'
import { bestNgram, languageModeling, recipe } from '@heddle/tasks'

const size = { numLayers: 4, numHeads: 4, hiddenSize: 128, contextLength: 64 }

/**
 * A GPT on characters, or on subwords with `tokenizer.units=subwords`; the defaults are nanoGPT's for a processor without a
 * graphics card. The first nine tenths of the text are trained on, and the rest is read in windows of the context's length.
 *
 * @see https://github.com/karpathy/nanoGPT
 */
export const gpt = recipe({
  name: 'gpt',
  summary: 'language model with a Transformer, as nanoGPT trains it (built-in: short tales)',
  task: languageModeling,
  data: {
    count: 300_000,
    counts: 'number of characters of the built-in text',
    validation: 0.1,
    test: 0,
    format: 'a text file, or several, in UTF-8',
    builtIn: ({ count }, rng) => [stories(count, rng)],
    read: (source) => readTexts(source),
  },
  defaults: {
    model: {
      type: 'transformer-lm',
      ...size,
      positions: 'learned',
      norm: { type: 'layer-norm', bias: false },
      attention: { bias: false },
      feedForward: { type: 'mlp', bias: false },
    },
    training: {
      steps: 2000,
      batchSize: 12,
      windows: 'random',
      windowLength: 64,
      learningRate: 1e-3,
      schedule: { type: 'warmup', steps: 100, schedule: { type: 'cosine', minimum: 1e-4 } },
      optimizer: { type: 'adamw', beta2: 0.99, weightDecay: 0.1 },
      evaluateEvery: 250,
    },
  },
  presets: {
    // The parts, the optimizer and the learning rates relative to each other of https://github.com/KellerJordan/modded-nanogpt.
    speedrun: {
      summary:
        'the quality of 2000 steps in a fifth of them: query-key norm, ReLU², rotary positions, layers that start as the identity, Muon',
      settings: {
        model: {
          positions: 'rotary',
          norm: 'rms-norm',
          attention: { norm: 'rms-norm' },
          feedForward: { type: 'mlp', activation: 'relu-squared', bias: false },
          initial: 'zero-output',
          tied: false,
        },
        training: {
          steps: 400,
          learningRate: 0.02,
          schedule: { type: 'warmup-stable-decay', decay: 0.5, shape: 'linear' },
          optimizer: {
            type: 'muon',
            stepSize: 'original',
            newtonSchulzSteps: 3,
            weightDecay: 0,
            beta1: 0.8,
            beta2: 0.95,
            epsilon: 1e-10,
            groups: [{ match: 'output', learningRateFactor: 0.4 }],
          },
          evaluateEvery: 100,
        },
      },
    },
  },
  expected: { loss: 0.26 },
  // Longer n-grams than the context are left to char-lm.
  baseline: bestNgram(3, 24),
})
