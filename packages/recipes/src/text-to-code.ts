import { pythonDescriptions } from '@heddle/synthetic'
import { nearestText, pairedTexts, recipe, textToText } from '@heddle/tasks'

/** A description in English to a line of Python. */
export const textToCode = recipe({
  name: 'text-to-code',
  summary: 'a description to a line of Python',
  task: textToText,
  data: {
    count: 30_000,
    validation: 500,
    test: 1000,
    format: 'a TSV file: description, code; or JSON lines or CSV with fields of these names',
    builtIn: ({ count }, rng) => pythonDescriptions(count, rng),
    ...pairedTexts('text-to-code', {
      source: ['description', 'text', 'intent', 'source'],
      target: ['code', 'snippet', 'target'],
    }),
  },
  defaults: {
    model: { type: 'recurrent-seq2seq', embeddingSize: 128, hiddenSize: 192, attention: 'additive', dropout: 0.1 },
    tokenizer: { units: 'words', vocabSize: 16_000 },
    training: { steps: 800, batchSize: 64, learningRate: 4e-3, warmupSteps: 50, evaluateEvery: 200 },
    decoding: { maxLength: 80 },
    metrics: ['exactMatch', 'chrf'],
  },
  expected: { exactMatch: 0.97 },
  baseline: nearestText,
})
