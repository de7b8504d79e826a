import { expect, it } from 'vitest'
import { memorySource } from '../sources/data-source.ts'
import { readLabeledPairs } from './read-labeled-pairs.ts'

const where = 'bert-pairs'
const read = (name: string, text: string, more: object = {}) =>
  readLabeledPairs(memorySource(name, text), { where, ...more })

it('finds the usual columns wherever they stand', async () => {
  const sts = 'genre\tid\tscore\tsentence1\tsentence2\nnews\t7\t3.8\tA dog runs.\tA dog is running.\n'
  expect((await read('sts.tsv', sts)).examples).toEqual([
    { text: 'A dog runs.', pair: 'A dog is running.', label: '3.8' },
  ])
  const nli = 'premise,hypothesis,gold_label\n"A, b",c,entailment\nd,e,-\n'
  const { examples, notes } = await read('nli.csv', nli)
  expect(examples).toEqual([{ text: 'A, b', pair: 'c', label: 'entailment' }])
  expect(notes[0]).toMatch(/^1 rows left out; the first: nli\.csv:3: expected two texts and a label/)
  const lines = '{"question1": "a?", "question2": "b?", "is_duplicate": 1}\n'
  expect((await read('q.jsonl', lines)).examples).toEqual([{ text: 'a?', pair: 'b?', label: '1' }])
})

it('takes columns by name or number, and three of a table without a header', async () => {
  expect((await read('a.tsv', 'a\tb\t1.5\nc\td\t2\n')).examples).toHaveLength(2)
  const named = await read('a.tsv', 'left\tright\tsame\nx\ty\tno\n', { text: 'left', pair: 'right', label: 'same' })
  expect(named.examples).toEqual([{ text: 'x', pair: 'y', label: 'no' }])
  const numbered = await read('a.tsv', '0\tx\ty\n1\tz\tw\n', { text: 2, pair: 3, label: 1 })
  expect(numbered.examples).toEqual([
    { text: 'x', pair: 'y', label: '0' },
    { text: 'z', pair: 'w', label: '1' },
  ])
})

it('refuses what it cannot tell, and stops at malformed rows on demand', async () => {
  await expect(read('a.tsv', 'a\tb\tc\td\n')).rejects.toThrow('expected columns of two texts and a label in a.tsv')
  await expect(read('a.tsv', 'a\tb\t\n', { malformed: 'error' })).rejects.toThrow(
    'a.tsv:1: expected two texts and a label',
  )
  await expect(read('a.tsv', 'a\tb\t\n')).rejects.toThrow(
    'bert-pairs: expected pairs of texts with a label in a.tsv, got none.',
  )
})

it('reads the STS benchmark as it is published: tabs in files named .csv, no header, quotes and origins in some rows', async () => {
  const row = (i: number, more = '') =>
    `main-captions\tMSRvid\t2012test\t000${i}\t${i}.500\tA man, tall, is playing.\t"A man plays, well.${more}\n`
  const { examples, notes, found } = await read('sts-train.csv', row(1) + row(2, '\thttp://a.b\tlicense') + row(3))
  expect(examples).toEqual(
    ['1.500', '2.500', '3.500'].map((label) => ({
      text: 'A man, tall, is playing.',
      pair: '"A man plays, well.',
      label,
    })),
  )
  // Further files, and predictions, are read from the same places.
  expect(found).toEqual({ text: 6, pair: 7, label: 5 })
  expect(notes).toEqual(['1 rows of sts-train.csv have cells behind the texts, which are not read'])
  // A label behind the texts may have moved in a wider row, which is left out.
  const moved = await read('a.tsv', 'a\tb\t1\nc\td\te\t2\n')
  expect(moved.examples).toEqual([{ text: 'a', pair: 'b', label: '1' }])
})

it('tells a header by its label alone', async () => {
  const wanted = [
    { text: 'a', pair: 'b', label: '1' },
    { text: 'c', pair: 'd', label: '2' },
  ]
  expect((await read('a.tsv', 'left\tright\tscore\na\tb\t1\nc\td\t2\n')).examples).toEqual(wanted)
  expect((await read('a.tsv', 'score\tleft\tright\n1\ta\tb\n2\tc\td\n')).examples).toEqual(wanted)
  const numbered = { text: 2, pair: 3, label: 4 }
  expect((await read('a.csv', 'id,left,right,label\n1,a,b,1\n2,c,d,2\n', numbered)).examples).toEqual(wanted)
  expect((await read('a.tsv', 'x\ty\tscore\na\tb\tscore\n')).examples).toHaveLength(2)
  const graded = Array.from({ length: 10 }, (_, i) => `a${i}\tb\t${i / 2}\n`).join('')
  expect((await read('a.tsv', `left\tright\tgrade\n${graded}`)).examples).toHaveLength(10)
})
