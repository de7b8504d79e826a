import { readTextPairs } from '@heddle/data'
import { dialoguePairs } from '@heddle/synthetic'
import { nearestText, recipe, textPairFields, textToText } from '@heddle/tasks'

/**
 * A line of a conversation to its reply.
 *
 * @see Vinyals & Le 2015, "A neural conversational model"
 */
export const chatbot = recipe({
  name: 'chatbot',
  summary: 'dialogue: replies to a line (built-in: small talk with an assistant)',
  task: textToText,
  data: {
    count: 20_000,
    validation: 500,
    test: 1000,
    format: 'a CSV file with the columns Q and A (or question and answer); also TSV or JSON lines',
    builtIn: ({ count }, rng) => dialoguePairs(count, rng),
    fields: textPairFields,
    read: (given, { source, target, malformed }) =>
      readTextPairs(given, {
        where: 'chatbot',
        names: {
          source: source === undefined ? ['Q', 'question', 'input', 'source'] : [source],
          target: target === undefined ? ['A', 'answer', 'reply', 'target'] : [target],
        },
        malformed,
      }),
  },
  defaults: {
    model: { type: 'recurrent-seq2seq', embeddingSize: 128, hiddenSize: 192, attention: 'additive', dropout: 0.1 },
    tokenizer: { units: 'subwords', vocabSize: 4000 },
    training: { steps: 800, batchSize: 64, learningRate: 4e-3, warmupSteps: 50, evaluateEvery: 200 },
    decoding: { maxLength: 60 },
    metrics: ['exactMatch', 'chrf'],
  },
  expected: { exactMatch: 0.97 },
  baseline: nearestText,
})
