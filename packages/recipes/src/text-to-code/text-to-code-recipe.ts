import { readTextPairs } from '@heddle/data'
import { pythonDescriptions } from '@heddle/synthetic'
import { recipePoint } from '../recipe.ts'
import { nearestTargets } from '../text-to-text/nearest-text.ts'
import { textMetrics, textScore } from '../text-to-text/text-score.ts'
import { textToTextConfig } from '../text-to-text/text-to-text-config.ts'
import { TextToTextRecipe, type TextToTextSubject } from '../text-to-text/text-to-text-recipe.ts'

export const textToCodeConfig = textToTextConfig({
  pairs: 30_000,
  units: 'words',
  vocabSize: 16_000,
  maxLength: 80,
  scores: ['exactMatch', 'chrf'],
})

/** A description in English to a line of Python. */
const subject: TextToTextSubject = {
  name: 'text-to-code',
  metrics: textMetrics('lines', 0.97),
  dataFormat: 'a TSV file: description, code; or JSON lines or CSV with fields of these names',
  samplesTitle: 'Code for unseen descriptions',
  generate: pythonDescriptions,
  read: (source) =>
    readTextPairs(source, {
      where: 'text-to-code',
      names: { source: ['description', 'text', 'intent', 'source'], target: ['code', 'snippet', 'target'] },
    }),
  score: textScore,
  // The code of the most similar description, names and numbers as they stand there.
  simpler: nearestTargets,
}

export const textToCodeRecipe = recipePoint.of({
  name: 'text-to-code',
  summary: 'a description to a line of Python',
  config: textToCodeConfig,
  create: (config) => new TextToTextRecipe(subject, config),
})
