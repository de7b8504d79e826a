import type { GivenExamples, LabeledText, Settings } from '@heddle/tasks'

/** Steps grow with the square root of the number of texts: few texts are read many times, many texts twice. */
const STEPS_PER_ROOT = 11.75

/** Steps of a few minutes at least, and of a quarter of an hour on two cores at most. */
const STEPS = { least: 200, most: 5000 }

/** Number of texts that are looked at. */
const LOOKED_AT = 2000

/** Characters of a text that is long, where its letters alone would take too many steps of the network. */
const LONG = 300

/** Characters of a text that are looked at. */
const BEGINNING = 1000

/** Rows of the table of n-grams: about as many as there are characters to learn from, within limits. */
const BUCKETS = { least: 2 ** 12, most: 2 ** 17 }

/** Share of spaces among the characters of a language that writes them between words. */
const SPACED = 0.05

/** Settings of a recurrent classifier for given texts: n-grams of tokens, steps for their number, and words where texts are long. */
export function settingsForTexts({ train, numTraining, settings }: GivenExamples<LabeledText>) {
  const { tokenizer, training } = settings as Readonly<Record<string, Settings | undefined>>
  const isOfWords = (tokenizer?.['units'] ?? (isLong(train) ? 'words' : 'characters')) === 'words'
  const usual = 100 * Math.round((STEPS_PER_ROOT * numTraining ** 0.5) / 100)
  const steps = Number(training?.['steps'] ?? Math.min(STEPS.most, Math.max(STEPS.least, usual)))
  return {
    model: { ngrams: { longest: 3, embeddingSize: 16, buckets: bucketsFor(train) } },
    ...(isOfWords && { tokenizer: { units: 'words' as const, vocabSize: 20_000 }, maxLength: 256 }),
    training: {
      steps,
      warmupSteps: Math.min(100, Math.ceil(steps / 10)),
      evaluateEvery: Math.ceil(steps / 8),
      ...((isOfWords || numTraining < 2000) && { batchSize: 32 }),
      tokenDropout: 0.1,
    },
  }
}

/** A power of two. */
function bucketsFor(train: readonly LabeledText[]): number {
  let numCharacters = 0
  for (const { text, pair = '' } of train) {
    numCharacters += text.length + pair.length
    if (numCharacters >= BUCKETS.most) return BUCKETS.most
  }
  return Math.max(BUCKETS.least, 2 ** Math.ceil(Math.log2(numCharacters + 1)))
}

/** Whether a quarter of the texts are long, in a language with spaces. */
function isLong(train: readonly LabeledText[]): boolean {
  const every = Math.ceil(train.length / LOOKED_AT)
  const texts = train.filter((_, i) => i % every === 0).map(({ text, pair = '' }) => (text + pair).slice(0, BEGINNING))
  const long = texts.filter(({ length }) => length > LONG)
  const all = long.join('')
  return long.length > texts.length / 4 && all.split(/\s/u).length > SPACED * all.length
}
