import { chrf } from '@heddle/metrics'
import type { MetricInfo } from '../recipe.ts'
import { recipePoint } from '../recipe.ts'
import { nearestTargets } from '../text-to-text/nearest-text.ts'
import { readPairs } from '../text-to-text/read-pairs.ts'
import { textToTextConfig } from '../text-to-text/text-to-text-config.ts'
import { TextToTextRecipe, type TextToTextSubject } from '../text-to-text/text-to-text-recipe.ts'
import { exactMatch } from '../writing/exact-match.ts'
import { generatePython } from './python-lines.ts'

export const textToCodeConfig = textToTextConfig({
  pairs: 30_000,
  units: 'words',
  vocabSize: 16_000,
  embeddingSize: 128,
  hiddenSize: 192,
  dropout: 0.1,
  maxLength: 80,
  batchSize: 64,
  steps: 800,
  learningRate: 4e-3,
  warmupSteps: 50,
  evaluateEvery: 200,
})

const METRICS: readonly MetricInfo[] = [
  { name: 'exactMatch', summary: 'lines exactly as the reference', better: 'higher', expected: 0.97, percent: true },
  { name: 'chrf', summary: 'chrF, 0 to 100', better: 'higher' },
  { name: 'tokenAccuracy', summary: 'tokens right, given the true ones before them', better: 'higher', percent: true },
  { name: 'loss', summary: 'nats per token', better: 'lower' },
]

/** A description in English to a line of Python. */
const subject: TextToTextSubject = {
  name: 'text-to-code',
  metrics: METRICS,
  dataFormat: 'a TSV file: description, code; or JSON lines or CSV with fields of these names',
  samplesTitle: 'Code for unseen descriptions',
  generate: generatePython,
  read: (source) =>
    readPairs(
      source,
      { source: ['description', 'text', 'intent', 'source'], target: ['code', 'snippet', 'target'] },
      'text-to-code',
    ),
  score: (predictions, examples) => ({
    exactMatch: exactMatch(predictions, examples),
    chrf: chrf(
      predictions,
      examples.map(({ target }) => target),
    ),
  }),
  // The code of the most similar description, names and numbers as they stand there.
  simpler: nearestTargets,
}

export const textToCodeRecipe = recipePoint.of({
  name: 'text-to-code',
  summary: 'a description to a line of Python',
  config: textToCodeConfig,
  create: (config) => new TextToTextRecipe(subject, config),
})
