import { readTextPairs } from '@heddle/data'
import { rouge } from '@heddle/metrics'
import { newsSummaries } from '@heddle/synthetic'
import type { MetricInfo } from '../recipe.ts'
import { recipePoint } from '../recipe.ts'
import { teacherForcedMetrics } from '../text-to-text/text-score.ts'
import { textToTextConfig } from '../text-to-text/text-to-text-config.ts'
import { TextToTextRecipe, type TextToTextSubject } from '../text-to-text/text-to-text-recipe.ts'
import { exactMatch } from '../writing/exact-match.ts'

export const summarizeConfig = textToTextConfig({
  pairs: 20_000,
  units: 'words',
  vocabSize: 16_000,
  maxLength: 60,
  scores: ['rougeL', 'exactMatch'],
})

const METRICS: readonly MetricInfo[] = [
  { name: 'rougeL', summary: 'ROUGE-L, 0 to 1', better: 'higher', expected: 0.98 },
  { name: 'rouge1', summary: 'ROUGE-1, 0 to 1', better: 'higher' },
  { name: 'rouge2', summary: 'ROUGE-2, 0 to 1', better: 'higher' },
  { name: 'exactMatch', summary: 'summaries exactly as the reference', better: 'higher', percent: true },
  ...teacherForcedMetrics,
]

/**
 * A document to a summary in one line.
 *
 * @see Rush et al. 2015, "A neural attention model for abstractive sentence summarization"
 */
const subject: TextToTextSubject = {
  name: 'summarize',
  metrics: METRICS,
  dataFormat: 'a TSV file: document, summary; or JSON lines or CSV with fields of these names',
  samplesTitle: 'Summaries of unseen documents',
  generate: newsSummaries,
  read: (source) =>
    readTextPairs(source, {
      where: 'summarize',
      names: { source: ['document', 'text', 'article', 'source'], target: ['summary', 'title', 'headline', 'target'] },
    }),
  score: (predictions, examples) => {
    // Words of any script, so that documents in other languages are scored too.
    const { rouge1, rouge2, rougeL } = rouge(
      predictions,
      examples.map(({ target }) => target),
      { tokenizer: 'unicode' },
    )
    return {
      rougeL: rougeL.f1,
      rouge1: rouge1.f1,
      rouge2: rouge2.f1,
      exactMatch: exactMatch(predictions, examples),
    }
  },
  simpler: (_, texts) => texts.map(leadSentence),
}

/** The first sentence: what is hard to beat for news. */
export const leadSentence = (document: string): string => /^.*?[.!?。](?=\s|$)/su.exec(document)?.[0] ?? document

export const summarizeRecipe = recipePoint.of({
  name: 'summarize',
  summary: 'summaries in one line (built-in: short news)',
  config: summarizeConfig,
  create: (config) => new TextToTextRecipe(subject, config),
})
