import { readTextPairs } from '@heddle/data'
import { bleu } from '@heddle/metrics'
import { englishKoreanPairs } from '@heddle/synthetic'
import { recipePoint } from '../recipe.ts'
import { nearestTargets } from '../text-to-text/nearest-text.ts'
import { textMetrics, textScore } from '../text-to-text/text-score.ts'
import { textToTextConfig } from '../text-to-text/text-to-text-config.ts'
import { TextToTextRecipe, type TextToTextSubject } from '../text-to-text/text-to-text-recipe.ts'

export const translateConfig = textToTextConfig({
  pairs: 40_000,
  units: 'words',
  vocabSize: 16_000,
  dropout: 0,
  maxLength: 60,
  batchSize: 96,
  steps: 900,
  learningRate: 5e-3,
  evaluateEvery: 300,
  scores: ['exactMatch', 'chrf', 'bleu'],
})

/** English to Korean on sentences of a small grammar, or any two languages from a file of pairs. */
const subject: TextToTextSubject = {
  name: 'translate',
  metrics: textMetrics('sentences', 0.97, [{ name: 'bleu', summary: 'BLEU, 0 to 100', better: 'higher' }]),
  dataFormat:
    'a TSV file: source, target, further columns are ignored; or JSON lines or CSV with fields of these names',
  samplesTitle: 'Unseen sentences',
  batchBy: 'pair',
  // Of a few thousand pairs, most words stand in one or two: parts of words and noise carry further.
  smallData: {
    below: 20_000,
    settings: {
      units: 'subwords',
      vocabSize: 2000,
      dropout: 0.4,
      labelSmoothing: 0.1,
      learningRate: 3e-3,
      steps: 4000,
      beamWidth: 4,
      monitor: 'chrf',
    },
  },
  generate: englishKoreanPairs,
  read: (source) => readTextPairs(source, { where: 'translate', names: { source: ['source'], target: ['target'] } }),
  score: (predictions, examples) => ({
    ...textScore(predictions, examples),
    bleu: bleu(
      predictions,
      examples.map(({ target }) => target),
    ).bleu,
  }),
  // The translation of the most similar sentence: a translation memory.
  simpler: nearestTargets,
}

export const translateRecipe = recipePoint.of({
  name: 'translate',
  summary: 'translation with a recurrent encoder-decoder and attention (built-in: English to Korean)',
  config: translateConfig,
  create: (config) => new TextToTextRecipe(subject, config),
})
