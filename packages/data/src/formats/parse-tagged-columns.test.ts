import { describe, expect, it } from 'vitest'
import { BLANK, parseTaggedColumns } from './parse-tagged-columns.ts'

const CONLL2003 = `-DOCSTART- -X- O O

EU NNP I-NP I-ORG
rejects VBZ I-VP O

Peter NNP I-NP I-PER
Blackburn NNP I-NP I-PER
`

describe('parseTaggedColumns', () => {
  it('reads first and last column, one sentence a paragraph, without starts of documents', () => {
    const { rows } = parseTaggedColumns(CONLL2003)
    expect(rows).toEqual([
      { line: 3, words: ['EU', 'rejects'], tags: ['I-ORG', 'O'] },
      { line: 6, words: ['Peter', 'Blackburn'], tags: ['I-PER', 'I-PER'] },
    ])
    expect(parseTaggedColumns(CONLL2003, { column: 2 }).rows[0]!.tags).toEqual(['NNP', 'VBZ'])
  })

  it('keeps spaces in words of a file with tabs, and skips comments before a sentence', () => {
    const { rows } = parseTaggedColumns('# id a1 of the file\r\nNew York\tB-LOC\r\n#\tO\r\n# 1\tO\r\n\r\n\r\n')
    expect(rows).toEqual([{ line: 1, words: ['New York', '#', '# 1'], tags: ['B-LOC', 'O', 'O'] }])
  })

  it('reads one character a line, blanks among them, below a comment that looks like a word and its tag', () => {
    const lines = [
      '## klue-ner-v1_dev_00000-wikitree\t<오슬로:LC> 에',
      '오\tB-LC',
      '슬\tI-LC',
      '로\tI-LC',
      ' \tO',
      '에\tO',
      '',
    ]
    const text = [...lines, ...lines].join('\n')
    const { rows } = parseTaggedColumns(text)
    expect(rows).toHaveLength(2)
    expect(rows[1]).toEqual({
      line: 8,
      words: ['오', '슬', '로', BLANK, '에'],
      tags: ['B-LC', 'I-LC', 'I-LC', 'O', 'O'],
    })
  })

  it.each([
    ['a word without a tag', 'a O\nb\n', 2, 'a word and its tag in 2 columns'],
    ['a tag without a word', 'a\tO\n\tO\n', 2, 'a word and its tag'],
    ['a column too many', 'a O\nb B-X O\n', 2, 'a word and its tag in 2 columns'],
    ['a tag of no span', `${'a B-X\n'.repeat(20)}b PER\n`, 21, 'a tag O, B-type, I-type, E-type or S-type'],
  ])('names the line of %s', (_, text, line, problem) => {
    expect(() => parseTaggedColumns(text, { file: 'a.txt' })).toThrow(`a.txt:${line}: expected ${problem}`)
  })

  it('leaves out the sentence of a malformed line on demand', () => {
    const { rows, skipped } = parseTaggedColumns('a O\nb\n\nc O\n', { malformed: 'skip' })
    expect(rows.map(({ words }) => words)).toEqual([['c']])
    expect(skipped).toHaveLength(1)
  })

  it('refuses a column that is not there', () => {
    expect(() => parseTaggedColumns('a O\n', { column: 5 })).toThrow('expected a column 5 of tags')
    expect(() => parseTaggedColumns('a O\n', { column: 1 })).toThrow('expected a column 1 of tags')
  })
})
