import type { RandomStream } from '@heddle/core'
import { padSequences } from '@heddle/data'
import * as tf from '@tensorflow/tfjs-core'
import { IGNORED, type LabeledBatch, labelTensor } from '../labeling/labeled-batch.ts'
import type { ExampleReader } from '../labeling/labeling.ts'
import { labelIds } from '../labeling/labels.ts'
import { withoutForm } from './lexical-attributes.ts'
import type { Lexicon } from './lexicon.ts'

// B batch, T words of a sentence, W different words of the batch, L letters of a word

/** A sentence with the label of each word. */
export interface TaggedSentence {
  readonly words: readonly string[]
  readonly tags: readonly string[]
  /** The text that the words stand in (default: the words with spaces between them). */
  readonly text?: string
}

/** A word as numbers: its id, 0 for unknown ones, and the ids of its letters and attributes. */
interface EncodedWord {
  readonly id: number
  readonly spelling: readonly number[]
  readonly attributes: readonly number[]
}

export interface EncodedSentence {
  readonly words: readonly EncodedWord[]
  readonly labels: readonly number[]
}

export interface WordReaderOptions {
  readonly wordDropout: number
  /** Whether the model reads the letters of words besides their ids. */
  readonly readsSpelling: boolean
}

/**
 * Sentences as word ids [B, T] and lengths [B]. A model that reads spelling is given each different word of the batch once
 * instead: its letters [W, L], their number [W] and its id [W]; then the place of each word of the text among them [B, T], the lengths
 * [B], and where they are learned the lexical attributes of each different word [W, K].
 */
export class WordReader implements ExampleReader<TaggedSentence, EncodedSentence> {
  readonly augment?: (example: EncodedSentence, rng: RandomStream) => EncodedSentence
  readonly #lexicon: Lexicon
  readonly #idOf: (label: string) => number
  readonly #readsSpelling: boolean

  constructor(lexicon: Lexicon, labels: readonly string[], { wordDropout, readsSpelling }: WordReaderOptions) {
    this.#lexicon = lexicon
    this.#idOf = labelIds(labels)
    this.#readsSpelling = readsSpelling
    if (wordDropout > 0) {
      this.augment = ({ words, labels }, rng) => ({
        words: words.map((word) =>
          rng.uniform() < wordDropout ? { ...word, id: 0, attributes: withoutForm(word.attributes) } : word,
        ),
        labels,
      })
    }
  }

  labelsOf({ tags }: TaggedSentence): readonly string[] {
    return tags
  }

  encode({ words, tags }: TaggedSentence): EncodedSentence {
    return {
      words: words.map((word) => ({
        id: this.#lexicon.wordId(word),
        spelling: this.#lexicon.spelling(word),
        attributes: this.#lexicon.attributes(word),
      })),
      // A sentence to predict has no tags yet.
      labels: words.map((_, i) => (tags[i] === undefined ? IGNORED : this.#idOf(tags[i]))),
    }
  }

  length({ words }: EncodedSentence): number {
    return words.length
  }

  collate(sentences: readonly EncodedSentence[]): LabeledBatch {
    const labels = labelTensor(sentences, 'step')
    if (this.#readsSpelling) return { inputs: spelledInputs(sentences), ...labels }
    const { data, shape, lengths } = padSequences(
      sentences.map(({ words }) => words.map(({ id }) => id)),
      { value: 0 },
    )
    return { inputs: [tf.tensor2d(data, shape, 'int32'), tf.tensor1d(lengths, 'int32')], ...labels }
  }
}

function spelledInputs(sentences: readonly EncodedSentence[]): tf.Tensor[] {
  const different: EncodedWord[] = []
  const places = new Map<string, number>()
  const placeOf = (word: EncodedWord): number => {
    const key = `${word.id} ${word.spelling} ${word.attributes}`
    const place = places.get(key) ?? different.push(word) - 1
    places.set(key, place)
    return place
  }
  const rows = padSequences(
    sentences.map(({ words }) => words.map(placeOf)),
    { value: 0 },
  )
  const letters = padSequences(
    different.map(({ spelling }) => spelling),
    { value: 0 },
  )
  const ids = different.map(({ id }) => id)
  const perWord = different[0]?.attributes.length ?? 0
  const attributes = different.flatMap((word) => word.attributes)
  return [
    tf.tensor2d(letters.data, letters.shape, 'int32'),
    tf.tensor1d(letters.lengths, 'int32'),
    tf.tensor1d(ids, 'int32'),
    tf.tensor2d(rows.data, rows.shape, 'int32'),
    tf.tensor1d(rows.lengths, 'int32'),
    ...(perWord === 0 ? [] : [tf.tensor2d(attributes, [different.length, perWord], 'int32')]),
  ]
}
