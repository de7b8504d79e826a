import { readTexts } from '@heddle/data'
import { stories } from '@heddle/synthetic'
import { bestNgram, languageModeling, recipe } from '@heddle/tasks'
import { isOfWords, wordTextSettings } from './word-text.ts'

/**
 * A language model of characters, on generated tales or on any text file.
 *
 * @see Karpathy 2015, "The unreasonable effectiveness of recurrent neural networks"
 */
export const charLm = recipe({
  name: 'char-lm',
  summary: 'language model of characters with a recurrent network (built-in: short tales)',
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
    model: { type: 'recurrent-lm', embeddingSize: 64, hiddenSize: 256, numLayers: 2, cell: 'lstm', dropout: 0.1 },
    training: {
      steps: 2500,
      batchSize: 32,
      windowLength: 96,
      learningRate: 3e-3,
      warmupSteps: 100,
      evaluateEvery: 250,
    },
  },
  expected: { loss: 0.185 },
  forData: (given) => (isOfWords(given.settings) ? wordTextSettings(given) : {}),
  baseline: bestNgram(3, 24),
})
