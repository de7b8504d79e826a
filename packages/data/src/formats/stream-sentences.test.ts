import { expect, it } from 'vitest'
import { streamSentences } from './stream-sentences.ts'

async function sentences(text: string, file: string) {
  const lines = (async function* () {
    yield* text.split('\n')
  })()
  const { sentences: all } = await streamSentences(lines, file)
  if (all === undefined) return undefined
  const found = []
  for await (const sentence of all) found.push(sentence)
  return found
}

const row = (id: string, form: string) => `${[id, form].join('\t')}${'\t_'.repeat(8)}`

it('reads the words of CoNLL-U, with ids where sentences have them', async () => {
  const text = [
    '# sent_id = s-1',
    '# text = du pain',
    row('1-2', 'du'),
    row('1', 'de'),
    row('2', 'le'),
    '',
    row('1', '#'),
    '',
  ]
  expect(await sentences(text.join('\n'), 'a.conllu')).toEqual([
    { line: 1, lastLine: 5, id: 's-1', words: ['de', 'le'] },
    { line: 7, lastLine: 7, id: '2', words: ['#'] },
  ])
})

it('reads words in columns, whatever the file is called', async () => {
  const text = '-DOCSTART- -X- O\n\nSeoul NNP B-LOC\n. . O\n\n\nUlsan NNP B-LOC\nis V O'
  const expected = [
    { line: 3, lastLine: 4, id: '1', words: ['Seoul', '.'] },
    { line: 7, lastLine: 8, id: '2', words: ['Ulsan', 'is'] },
  ]
  expect(await sentences(text, 'eng.testb')).toEqual(expected)
  expect(await sentences(text.replaceAll(' ', '\t'), 'standard input')).toEqual(expected)
  expect(await sentences('Seoul\n\nUlsan', 'words.conll')).toMatchObject([{ words: ['Seoul'] }, { words: ['Ulsan'] }])
})

it('reads a character in each line, of which some are blanks', async () => {
  const text = '## id\n가\tB-LOC\n \tO\n나\tO\n\n다\tO\n'
  expect(await sentences(text, 'klue.tsv')).toMatchObject([{ words: ['가', '▁', '나'] }, { words: ['다'] }])
})

it('leaves texts and tables to others', async () => {
  expect(await sentences('one two\nthree four\nfive six\nseven eight', 'a.txt')).toBeUndefined()
  expect(await sentences('one two three\n\nfour five', 'a.txt')).toBeUndefined()
  expect(await sentences('id\ttext\n1\tx\n2\ty\n3\tz', 'a.tsv')).toBeUndefined()
})

it('tells the sentence at fault and goes on', async () => {
  expect(await sentences(`${row('1', 'a')}\nnothing\n\n${row('1', 'b')}`, 'a.conllu')).toEqual([
    { line: 1, lastLine: 2, id: '1', words: ['a'], problem: 'expected a word with its columns, got "nothing".' },
    { line: 4, lastLine: 4, id: '2', words: ['b'] },
  ])
})
