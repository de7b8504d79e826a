import { trainCharTokenizer } from '@heddle/tokenizer'
import { describe, expect, it } from 'vitest'
import { Lexicon, lettersOf, wordsAsset } from './lexicon.ts'

const letters = trainCharTokenizer(['먹은', '먹을', '밥'].map(lettersOf), { specialTokens: ['<pad>', '<unk>'] })
const lexicon = (maxLetters: number) => new Lexicon(['밥', '집'], letters, maxLetters)

describe('Lexicon', () => {
  it('numbers its words from 1 on; 0 stands for others', () => {
    const { wordId } = { wordId: (word: string) => lexicon(20).wordId(word) }
    expect([wordId('밥'), wordId('집'), wordId('물')]).toEqual([1, 2, 0])
  })

  it('spells Hangul by consonants and vowels, so that endings share letters', () => {
    const [past, future] = [lexicon(20).spelling('먹은'), lexicon(20).spelling('먹을')]
    expect(past).toHaveLength(6)
    expect(past.slice(0, 5)).toEqual(future.slice(0, 5))
    expect(past[5]).not.toBe(future[5])
  })

  it('cuts the middle out of long words', () => {
    const whole = lexicon(20).spelling('먹은밥')
    expect(lexicon(4).spelling('먹은밥')).toEqual([...whole.slice(0, 2), ...whole.slice(-2)])
  })

  it('refuses a file of another shape', () => {
    expect(() => wordsAsset.fromJSON({ words: ['a'] }, 'runs/a/words.json')).toThrow('runs/a/words.json')
  })
})
