import type { TextPart } from '@heddle/data'
import type { GivenExamples, Settings } from '@heddle/tasks'

/** Streams side by side, and tokens of a window: the usual ones for the Penn Treebank. */
const WINDOW = { batchSize: 20, windowLength: 35 }

/** Passes over a text, and the steps within which they stay: the most take some ten minutes on two cores. */
const EPOCHS = 8
const STEPS = { least: 300, most: 12_000 }

/** Dropout for small texts, of which a network learns more by heart, and for others. */
const DROPOUT = { small: 0.5, other: 0.3 }
const SMALL_TEXT = 300_000

/** Number of different words from which rare ones form clusters of an adaptive softmax. */
const MANY_WORDS = 2000

/** Characters of a word with its space, where no word is read. */
const CHARACTERS_PER_WORD = 6

/** Whether the settings of a language model ask for words. */
export const isOfWords = (settings: Settings): boolean =>
  (settings['tokenizer'] as Settings | undefined)?.['units'] === 'words'

/**
 * Settings of a recurrent language model of words, whose output layer would take nine tenths of the time without clusters of rare words.
 *
 * @see Zaremba et al. 2014, "Recurrent neural network regularization", for the windows
 */
export function wordTextSettings({ train, settings }: GivenExamples<string | TextPart>) {
  const { model, tokenizer, training } = settings as Readonly<Record<string, Settings | undefined>>
  const { numWords, numTypes } = countWords(train)
  const hiddenSize = Number(model?.['hiddenSize'] ?? 320)
  const limit = Number(tokenizer?.['vocabSize'] ?? Number.POSITIVE_INFINITY)
  const isTied = model?.['tied'] === true
  const { batchSize, windowLength } = { ...WINDOW, ...training } as typeof WINDOW
  const passes = Math.round((EPOCHS * numWords) / (batchSize * windowLength))
  const steps = Math.min(STEPS.most, Math.max(STEPS.least, passes))
  return {
    model: {
      embeddingSize: isTied ? hiddenSize : 128,
      hiddenSize,
      numLayers: 1,
      dropout: numWords < SMALL_TEXT ? DROPOUT.small : DROPOUT.other,
      cutoffs: isTied ? undefined : clusters(Math.min(numTypes, limit), hiddenSize),
    },
    training: { ...WINDOW, steps, evaluateEvery: Math.ceil(steps / 10) },
  }
}

/** First words of the clusters of rarer words: none where there are few words, or too few features for them. */
function clusters(numTypes: number, hiddenSize: number): number[] | undefined {
  if (numTypes < MANY_WORDS) return undefined
  const first = Math.max(MANY_WORDS / 2, Math.round(numTypes / 16))
  const cutoffs = [first, 4 * first].filter((cutoff, k) => 2 * cutoff <= numTypes && hiddenSize >= 4 ** (k + 1))
  return cutoffs.length > 0 ? cutoffs : undefined
}

/** Numbers of words and ends of lines, and of different ones; of texts that stay on the disk about as many as of the others. */
function countWords(texts: readonly (string | TextPart)[]): { readonly numWords: number; readonly numTypes: number } {
  const types = new Set<string>()
  let [count, read, size] = [0, 0, 0]
  for (const text of texts) {
    size += typeof text === 'string' ? text.length : text.size
    if (typeof text !== 'string') continue
    read += text.length
    for (const [word] of text.matchAll(/\n|[^\s]+/g)) {
      count++
      types.add(word)
    }
  }
  const perWord = count === 0 ? CHARACTERS_PER_WORD : read / count
  return { numWords: Math.round(size / perWord), numTypes: types.size }
}
