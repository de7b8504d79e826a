import { padSequences } from '@heddle/data'
import * as tf from '@tensorflow/tfjs-core'
import { type LabelledBatch, labelTensor } from '../classification/labelled-batch.ts'

// B batch, T words of a sentence, W different words of the batch, L letters of a word

/** A word as numbers: its id in the lexicon, 0 for unknown ones, and its letters. */
interface EncodedWord {
  readonly id: number
  readonly spelling: readonly number[]
}

/** A sentence as numbers, with the tag of each word. */
export interface EncodedSentence {
  readonly words: readonly EncodedWord[]
  readonly labels: readonly number[]
}

/** Sentences as {@link WordTagger} takes them, each different word once. */
export function sentenceBatch(sentences: readonly EncodedSentence[]): LabelledBatch {
  const different: EncodedWord[] = []
  const places = new Map<string, number>()
  const placeOf = (word: EncodedWord): number => {
    const key = `${word.id} ${word.spelling}`
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
  return {
    inputs: [
      tf.tensor2d(letters.data, letters.shape, 'int32'),
      tf.tensor1d(letters.lengths, 'int32'),
      tf.tensor1d(
        different.map(({ id }) => id),
        'int32',
      ),
      tf.tensor2d(rows.data, rows.shape, 'int32'),
      tf.tensor1d(rows.lengths, 'int32'),
    ],
    ...labelTensor(sentences, 'step'),
  }
}
