import { Tokenizer } from '@heddle/tokenizer'
import { describe, expect, it } from 'vitest'
import { frameIds } from '../sequence-to-text/target-tokens.ts'
import { textTokenizer } from './text-tokenizer.ts'

const sizes = { vocabSize: 4000, minFrequency: 1 }
const UNITS = ['words', 'subwords', 'characters'] as const

const TEXTS = [
  "Hello! I'm Mina. What's the time?",
  'It is 10:30, and it costs $4.50 (not €5).',
  'print(sum(x ** 2 for x in [1, 2, 3]))',
  "names = sorted(set('a-b'.split('-')), key=len)",
  '뛰어가는 아이가 노래하는 사람을 본다.',
  '그녀는 "안녕" 하고 말했다...',
]

describe('textTokenizer', () => {
  it.each(UNITS)('restores every text that %s are learned from, also after JSON', async (units) => {
    const tokenizer = Tokenizer.fromJSON(
      JSON.parse(JSON.stringify((await textTokenizer(TEXTS, { units, ...sizes })).toJSON())),
    )
    expect(TEXTS.filter((text) => tokenizer.decode(tokenizer.encodeIds(text)) !== text)).toEqual([])
    expect(frameIds(tokenizer)).toEqual({ pad: 0, start: 2, end: 3 })
  })

  it('writes unseen words in parts with subwords, and does not know them with words', async () => {
    const texts = ['뛰어가는 아이가 노래하는 사람을 본다.', '걸어가는 사람이 나를 본다.']
    const subwords = await textTokenizer(texts, { units: 'subwords', ...sizes })
    expect(subwords.decode(subwords.encodeIds('걸어가는 아이를 본다.'))).toBe('걸어가는 아이를 본다.')
    const words = await textTokenizer(texts, { units: 'words', ...sizes })
    expect(words.encodeIds('아이를')).toEqual([words.tokenToId('<unk>')])
  })

  it.each(['words', 'subwords'] as const)('has no more %s than asked for', async (units) => {
    const { vocabSize } = await textTokenizer(TEXTS, { units, ...sizes })
    expect(vocabSize).toBeGreaterThan(60)
    expect((await textTokenizer(TEXTS, { units, vocabSize: 60, minFrequency: 1 })).vocabSize).toBeLessThanOrEqual(
      // The alphabet of subwords is always known.
      units === 'words' ? 60 : vocabSize - 1,
    )
  })

  it('leaves out words that are rarer than asked for', async () => {
    const texts = ['the red fox', 'the red cat', 'the dog']
    const words = await textTokenizer(texts, { units: 'words', vocabSize: 100, minFrequency: 2 })
    expect(['the', 'red', 'fox'].map((word) => words.tokenToId(word) !== undefined)).toEqual([true, true, false])
  })
})
