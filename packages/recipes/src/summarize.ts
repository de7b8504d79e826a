import { newsSummaries } from '@heddle/synthetic'
import { leadSentence, pairedTexts, recipe, textToText } from '@heddle/tasks'

/**
 * A document to a summary in one line.
 *
 * @see Rush et al. 2015, "A neural attention model for abstractive sentence summarization"
 */
export const summarize = recipe({
  name: 'summarize',
  summary: 'summaries in one line (built-in: short news)',
  task: textToText,
  data: {
    count: 20_000,
    validation: 500,
    test: 1000,
    format: 'a TSV file: document, summary; or JSON lines or CSV with fields of these names',
    builtIn: ({ count }, rng) => newsSummaries(count, rng),
    ...pairedTexts('summarize', {
      source: ['document', 'text', 'article', 'source'],
      target: ['summary', 'title', 'headline', 'target'],
    }),
  },
  defaults: {
    model: { type: 'recurrent-seq2seq', embeddingSize: 128, hiddenSize: 192, attention: 'additive', dropout: 0.1 },
    tokenizer: { units: 'words', vocabSize: 16_000 },
    training: { steps: 800, batchSize: 64, learningRate: 4e-3, warmupSteps: 50, evaluateEvery: 200 },
    decoding: { maxLength: 60 },
    // Words of any script, so that documents in other languages are scored too.
    metrics: [{ type: 'rouge', tokenizer: 'unicode' }, 'exactMatch'],
  },
  expected: { rougeL: 0.98 },
  baseline: leadSentence,
})
