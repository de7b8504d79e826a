import { chrf } from '@heddle/metrics'
import type { MetricInfo } from '../recipe.ts'
import { recipePoint } from '../recipe.ts'
import { nearestTargets } from '../text-to-text/nearest-text.ts'
import { readPairs } from '../text-to-text/read-pairs.ts'
import { textToTextConfig } from '../text-to-text/text-to-text-config.ts'
import { TextToTextRecipe, type TextToTextSubject } from '../text-to-text/text-to-text-recipe.ts'
import { exactMatch } from '../writing/exact-match.ts'
import { generateDialogue } from './dialogue.ts'

export const chatbotConfig = textToTextConfig({
  pairs: 20_000,
  units: 'subwords',
  vocabSize: 4000,
  embeddingSize: 128,
  hiddenSize: 192,
  dropout: 0.1,
  maxLength: 60,
  batchSize: 64,
  steps: 800,
  learningRate: 4e-3,
  warmupSteps: 50,
  evaluateEvery: 200,
})

const METRICS: readonly MetricInfo[] = [
  { name: 'exactMatch', summary: 'replies exactly as the reference', better: 'higher', expected: 0.97, percent: true },
  { name: 'chrf', summary: 'chrF, 0 to 100', better: 'higher' },
  { name: 'tokenAccuracy', summary: 'tokens right, given the true ones before them', better: 'higher', percent: true },
  { name: 'loss', summary: 'nats per token', better: 'lower' },
]

/**
 * A line of a conversation to its reply.
 *
 * @see Vinyals & Le 2015, "A neural conversational model"
 */
const subject: TextToTextSubject = {
  name: 'chatbot',
  metrics: METRICS,
  dataFormat: 'a CSV file with the columns Q and A (or question and answer); also TSV or JSON lines',
  samplesTitle: 'Replies to unseen lines',
  generate: generateDialogue,
  read: (source) =>
    readPairs(
      source,
      { source: ['Q', 'question', 'input', 'source'], target: ['A', 'answer', 'reply', 'target'] },
      'chatbot',
    ),
  score: (predictions, examples) => ({
    exactMatch: exactMatch(predictions, examples),
    chrf: chrf(
      predictions,
      examples.map(({ target }) => target),
    ),
  }),
  // The reply to the most similar line: what a chatbot without learning does.
  simpler: nearestTargets,
}

export const chatbotRecipe = recipePoint.of({
  name: 'chatbot',
  summary: 'dialogue: replies to a line (built-in: small talk with an assistant)',
  config: chatbotConfig,
  create: (config) => new TextToTextRecipe(subject, config),
})
