import { describe, expect, it } from 'vitest'
import { memorySource } from '../sources/data-source.ts'
import { readPronunciations } from './read-pronunciations.ts'

const CMU = `;;; a comment
ABANDON  AH0 B AE1 N D AH0 N
READ  R EH1 D
READ(1)  R IY1 D
THE  DH AH0 # article
THE(1)  DH AH1
THE(2)  DH IY0
!EXCLAMATION-POINT  EH2 K S
(  P AH0
`

describe('readPronunciations', () => {
  it('reads the CMU dictionary: variants, comments, and vowels without stress', async () => {
    const { examples } = await readPronunciations(memorySource('cmudict-0.7b', CMU), { where: 'g2p' })
    expect(examples).toEqual([
      { source: 'abandon', target: 'AH B AE N D AH N' },
      { source: 'read', target: 'R EH D' },
      { source: 'read', target: 'R IY D' },
      { source: 'the', target: 'DH AH' },
      { source: 'the', target: 'DH IY' },
      { source: '!exclamation-point', target: 'EH K S' },
      { source: '(', target: 'P AH' },
    ])
    const stressed = await readPronunciations(memorySource('cmudict', CMU), { where: 'g2p', stress: true })
    expect(stressed.examples.slice(3, 6).map(({ target }) => target)).toEqual(['DH AH0', 'DH AH1', 'DH IY0'])
  })

  it('reads a table of words and phones in another script, and the split of the files', async () => {
    const files = [
      ...memorySource('kor_train.tsv', '각하\tk a̠ kʰ a̠').files,
      ...memorySource('kor_test.tsv', '값\tk a̠ p̚').files,
    ]
    const { examples } = await readPronunciations({ name: 'sigmorphon', files }, { where: 'g2p' })
    expect(examples).toEqual([
      { source: '각하', target: 'k a̠ kʰ a̠', split: 'train' },
      { source: '값', target: 'k a̠ p̚', split: 'test' },
    ])
  })

  it('names the line without phones', async () => {
    const read = readPronunciations(memorySource('a.txt', 'one  W AH N\ntwo\n'), { where: 'g2p' })
    await expect(read).rejects.toThrow('a.txt:2: expected a word and its phones, got "two"')
    await expect(readPronunciations(memorySource('a.txt', '\n'), { where: 'g2p' })).rejects.toThrow('got none')
  })
})
