import { RandomStream } from '@heddle/core'
import { useCpu } from '@heddle/testing'
import { trainCharTokenizer } from '@heddle/tokenizer'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { IGNORED } from '../labeling/labeled-batch.ts'
import { Lexicon } from './lexicon.ts'
import { WordReader } from './word-reader.ts'

const letters = trainCharTokenizer(['the', 'fox'], { specialTokens: ['<pad>', '<unk>'] })
const lexicon = new Lexicon(['the', 'fox'], letters, 10)
const reader = (readsSpelling: boolean, wordDropout = 0) =>
  new WordReader(lexicon, ['DET', 'NOUN'], { readsSpelling, wordDropout })
const sentences = [
  { words: ['the', 'fox', 'the'], tags: ['DET', 'NOUN', 'DET'] },
  { words: ['foxhe'], tags: ['VERB'] },
].map((sentence) => reader(true).encode(sentence))

beforeAll(useCpu)

describe('WordReader', () => {
  it('spells each different word of a batch once', () => {
    const { inputs, labels } = reader(true).collate(sentences)
    const [spellings, letterCounts, wordIds, places, lengths] = inputs.map((tensor) => tensor.arraySync())
    expect(spellings).toHaveLength(3)
    expect(letterCounts).toEqual([3, 3, 5])
    expect(wordIds).toEqual([1, 2, 0])
    expect((places as number[][])[0]).toEqual([0, 1, 0])
    expect(lengths).toEqual([3, 1])
    expect(labels.arraySync()).toEqual([
      [0, 1, 0],
      [IGNORED, IGNORED, IGNORED],
    ])
    tf.dispose([...inputs, labels])
  })

  it('gives ids and lengths alone to a model that does not read spelling', () => {
    const { inputs, labels } = reader(false).collate(sentences)
    expect(inputs.map((tensor) => tensor.arraySync())).toEqual([
      [
        [1, 2, 1],
        [0, 0, 0],
      ],
      [3, 1],
    ])
    tf.dispose([...inputs, labels])
  })

  it('replaces words in training by the unknown one, and leaves their spelling', () => {
    const [sentence] = sentences
    const changed = reader(true, 1).augment!(sentence!, new RandomStream(1))
    expect(changed.words.map(({ id }) => id)).toEqual([0, 0, 0])
    expect(changed.words.map(({ spelling }) => spelling)).toEqual(sentence!.words.map(({ spelling }) => spelling))
    expect(reader(true).augment).toBeUndefined()
  })
})
