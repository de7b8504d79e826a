import { readTexts } from '@heddle/data'
import { stories } from '@heddle/synthetic'
import { bestNgram, languageModeling, recipe } from '@heddle/tasks'

/**
 * A language model of characters that counts n-grams in one pass: the comparison for char-lm, on the same parts of the same text.
 *
 * @see Chen & Goodman 1999, "An empirical study of smoothing techniques for language modeling"
 */
export const ngramLm = recipe({
  name: 'ngram-lm',
  summary: 'language model of characters by counting n-grams (built-in: short tales)',
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
  defaults: { model: { type: 'ngram-lm', order: 7 } },
  expected: { loss: 0.28 },
  // The frequencies of single characters.
  baseline: bestNgram(1, 1),
})
