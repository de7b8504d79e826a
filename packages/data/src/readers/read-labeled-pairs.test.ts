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
