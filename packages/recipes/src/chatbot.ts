import { dialoguePairs } from '@heddle/synthetic'
import { nearestText, pairedTexts, recipe, textToText } from '@heddle/tasks'

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
    ...pairedTexts('chatbot', {
      source: ['Q', 'question', 'input', 'source'],
      target: ['A', 'answer', 'reply', 'target'],
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
