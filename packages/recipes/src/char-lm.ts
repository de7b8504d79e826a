import { readTexts } from '@heddle/data'
import { stories } from '@heddle/synthetic'
import { bestNgram, languageModeling, recipe, type Settings } from '@heddle/tasks'

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
  // With thousands of words most of the work, and of the weights, lies in the output layer: a smaller state, shared with the vectors
  // of the words, in windows of the usual length of such comparisons.
  forData({ settings }) {
    const { model, tokenizer } = settings as { model?: Settings; tokenizer?: Settings }
    if (tokenizer?.['units'] !== 'words') return {}
    const hiddenSize = Number(model?.['hiddenSize'] ?? model?.['embeddingSize'] ?? 128)
    const embeddingSize = Number(model?.['embeddingSize'] ?? hiddenSize)
    return {
      model: { embeddingSize, hiddenSize, tied: embeddingSize === hiddenSize, dropout: 0.2 },
      training: { steps: 2400, windowLength: 35, evaluateEvery: 800 },
    }
  },
  baseline: bestNgram(3, 24),
})
