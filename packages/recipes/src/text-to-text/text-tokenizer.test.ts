import { RandomStream } from '@heddle/core'
import { dialoguePairs, newsSummaries, pythonDescriptions } from '@heddle/synthetic'
import { Tokenizer } from '@heddle/tokenizer'
import { describe, expect, it } from 'vitest'
import { frameIds } from '../writing/target-tokens.ts'
import { type TextUnits, trainTextTokenizer } from './text-tokenizer.ts'

const sizes = { vocabSize: 4000, minFrequency: 1 }

describe('trainTextTokenizer', () => {
  it.each<TextUnits>(['words', 'subwords', 'characters'])('restores every text that %s were learnt from', (units) => {
    const pairs = [dialoguePairs, newsSummaries, pythonDescriptions].flatMap((generate) =>
      generate(400, new RandomStream(3)),
    )
    const texts = pairs.flatMap(({ source, target }) => [source, target])
    const tokenizer = Tokenizer.fromJSON(
      JSON.parse(JSON.stringify(trainTextTokenizer(texts, { units, ...sizes }).toJSON())),
    )
    expect(texts.filter((text) => tokenizer.decode(tokenizer.encodeIds(text)) !== text)).toEqual([])
    expect(frameIds(tokenizer)).toEqual({ pad: 0, start: 2, end: 3 })
  })

  it('writes unseen words in parts with subwords, and does not know them with words', () => {
    const texts = ['뛰어가는 아이가 노래하는 사람을 본다.', '걸어가는 사람이 나를 본다.']
    const subwords = trainTextTokenizer(texts, { units: 'subwords', ...sizes })
    expect(subwords.decode(subwords.encodeIds('걸어가는 아이를 본다.'))).toBe('걸어가는 아이를 본다.')
    const words = trainTextTokenizer(texts, { units: 'words', ...sizes })
    expect(words.encodeIds('아이를')).toEqual([words.tokenToId('<unk>')])
  })
})
