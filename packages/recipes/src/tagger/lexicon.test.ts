import { describe, expect, it } from 'vitest'
import { lexiconFiles, readLexicon } from './lexicon.ts'

const sentences = [
  { words: ['먹은', '밥'], tags: ['VERB', 'NOUN'] },
  { words: ['먹을', '밥'], tags: ['VERB', 'NOUN'] },
]
const files = lexiconFiles(sentences, 2)

describe('lexicon', () => {
  it('knows words that are common enough, and all tags', () => {
    const lexicon = readLexicon(files, 20)
    expect(lexicon.tags).toEqual(['NOUN', 'VERB'])
    expect(lexicon.numWords).toBe(2)
    expect([lexicon.wordId('밥'), lexicon.wordId('먹은'), lexicon.wordId('물')]).toEqual([1, 0, 0])
  })

  it('spells Hangul by consonants and vowels, so that endings share letters', () => {
    const { spelling } = readLexicon(files, 20)
    const [past, future] = [spelling('먹은'), spelling('먹을')]
    expect(past).toHaveLength(6)
    expect(past.slice(0, 5)).toEqual(future.slice(0, 5))
    expect(past[5]).not.toBe(future[5])
  })

  it('cuts the middle out of long words', () => {
    const whole = readLexicon(files, 20).spelling('먹은밥')
    expect(readLexicon(files, 4).spelling('먹은밥')).toEqual([...whole.slice(0, 2), ...whole.slice(-2)])
  })

  it('refuses a file of another shape', () => {
    expect(() => readLexicon({ ...files, 'lexicon.json': { tags: 'NOUN' } }, 20)).toThrow('tagger: lexicon.json')
  })
})
