import { learnWordPieces } from '@heddle/tasks'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { SubwordReader, wordRanges } from './subword-reader.ts'

beforeAll(useCpu)

const tokenizer = await learnWordPieces(['Anna Berg saw Oslo', 'Oslo saw Anna'], { vocabSize: 64, lowercase: false })
const labels = ['B-PER', 'I-PER', 'O']
const reader = (options: { maxLength?: number; stride?: number; subwords?: 'first' | 'all' } = {}) =>
  new SubwordReader(tokenizer, labels, { maxLength: 64, stride: 4, subwords: 'first', ...options })
/** Words that have one piece, and words that have several. */
const sentence = { words: ['Anna', 'Annalo', 'saw'], tags: ['B-PER', 'I-PER', 'O'] }
const tokensOf = (word: string) => tokenizer.encode(word, undefined, { addSpecialTokens: false }).length

describe('SubwordReader', () => {
  it('gives each word the place of its first token', () => {
    const [first, second] = [tokensOf('Anna'), tokensOf('Annalo')]
    expect(second).toBeGreaterThan(1)
    const { places, labels: ids, rows } = reader().encode(sentence)
    expect(rows).toHaveLength(1)
    expect(places).toEqual([
      [0, 1],
      [0, 1 + first],
      [0, 1 + first + second],
    ])
    expect(ids).toEqual([0, 1, 2])
  })

  it('finds words in a text without spaces between them', () => {
    const words = ['Anna', '!', 'Oslo']
    const { places } = reader().encode({ words, tags: [], text: 'Anna!  Oslo' })
    const spaced = reader().encode({ words, tags: [] })
    expect(places).toEqual(spaced.places)
    expect(wordRanges(words, 'Anna!  Oslo')).toEqual([
      [0, 4],
      [4, 5],
      [7, 11],
    ])
  })

  it('lets all tokens of a word learn its label on demand, after the first that of the inside', () => {
    const { augment } = reader({ subwords: 'all' })
    const example = reader().encode({ words: ['Annalo', 'saw'], tags: ['B-PER', 'O'] })
    const changed = augment!(example, undefined as never)
    const [inName, inVerb] = [tokensOf('Annalo'), tokensOf('saw')]
    expect(changed.labels).toEqual([0, ...new Array<number>(inName - 1).fill(1), ...new Array<number>(inVerb).fill(2)])
    expect(changed.places).toHaveLength(inName + inVerb)
    expect(reader().augment).toBeUndefined()
  })

  it('reads a long sentence in rows, and looks each word up where it has most context', () => {
    const words = Array.from({ length: 30 }, (_, i) => (i % 3 === 0 ? 'Anna' : 'saw'))
    const { rows, places } = reader({ maxLength: 12, stride: 4 }).encode({ words, tags: [] })
    expect(rows.length).toBeGreaterThan(3)
    const whole = reader({ maxLength: 512 }).encode({ words, tags: [] })
    const tokenAt = (row: readonly Int32Array[], [r, at]: readonly [number, number]) => row[r]![at]
    for (const [i, place] of places.entries()) {
      expect(tokenAt(rows, place)).toBe(tokenAt(whole.rows, whole.places[i]!))
      // Not at the border of a row, but for the first and the last word.
      const border = place[1] === 1 || place[1] === rows[place[0]]!.length - 2
      if (i > 0 && i < words.length - 1 && tokensOf('Anna') === 1) expect(border).toBe(false)
    }
  })

  it('puts the rows of several sentences into one batch', () => {
    const long = { words: new Array<string>(12).fill('Oslo'), tags: new Array<string>(12).fill('O') }
    const own = reader({ maxLength: 10, stride: 2 })
    const [a, b] = [own.encode(long), own.encode(sentence)]
    const { inputs, labels: ids, numLabels } = own.collate([a, b])
    const [tokens, lengths, places] = inputs as [tf.Tensor2D, tf.Tensor1D, tf.Tensor2D]
    expect(tokens.shape[0]).toBe(a.rows.length + b.rows.length)
    expect(lengths.arraySync()).toEqual([...a.rows, ...b.rows].map(({ length }) => length))
    expect(places.shape).toEqual([2, 12])
    const flat = tokens.dataSync()
    expect(
      places
        .arraySync()[1]!
        .slice(0, 3)
        .map((at) => flat[at]),
    ).toEqual(b.places.map(([row, at]) => b.rows[row]![at]))
    expect(numLabels).toBe(15)
    tf.dispose([...inputs, ids])
  })

  it('gives a word that has no token the first of the text', () => {
    const { places } = reader().encode({ words: ['\u200d\u0000', 'saw'], tags: [] })
    expect(places[0]).toEqual([0, 0])
  })
})
