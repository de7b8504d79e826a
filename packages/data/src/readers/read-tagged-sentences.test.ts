import { expect, it } from 'vitest'
import { memorySource } from '../sources/data-source.ts'
import { readTaggedSentences } from './read-tagged-sentences.ts'

const CONLLU = `# text = 어디 있지
1\t어디\t어디\tADV\tNP\t_\t2\tadvmod\t_\t_
2\t있지\t있+지\tADJ\tVV+EC\t_\t0\troot\t_\t_

1\t다\t다\t_\t_\t_\t0\troot\t_\t_

`

it('reads universal or treebank tags, and leaves out sentences without', async () => {
  const source = memorySource('a.conllu', CONLLU)
  const words = ['어디', '있지']
  expect(await readTaggedSentences(source)).toEqual({
    examples: [{ words, tags: ['ADV', 'ADJ'] }],
    left: 1,
    notes: ['1 sentences with words without a tag were left out'],
  })
  const { examples } = await readTaggedSentences(source, { tags: 'xpos' })
  expect(examples).toEqual([{ words, tags: ['NP', 'VV+EC'] }])
})

it('reads the parts of a treebank, and says when nothing has tags', async () => {
  const files = ['dev', 'train'].flatMap((part) => memorySource(`ko-ud-${part}.conllu`, CONLLU).files)
  const license = memorySource('LICENSE.txt', 'CC BY').files
  const { examples, notes } = await readTaggedSentences({ name: 'ud', files: [...files, ...license] })
  expect(examples.map(({ split }) => split)).toEqual(['validation', 'train'])
  expect(notes[0]).toBe('left out as holding no data: LICENSE.txt')
  await expect(readTaggedSentences(memorySource('a.conllu', ''))).rejects.toThrow('expected sentences with upos tags')
})

it('leaves out malformed sentences on demand', async () => {
  const source = memorySource('a.conllu', `1\tx\n\n${CONLLU}`)
  await expect(readTaggedSentences(source)).rejects.toThrow('a.conllu:1: expected 10 fields')
  const { examples, notes } = await readTaggedSentences(source, { malformed: 'skip' })
  expect(examples).toHaveLength(1)
  expect(notes[0]).toMatch(/^1 sentences were left out; the first: a\.conllu:1: expected 10 fields/)
})

it('reads words and tags in columns, and turns IOB1 into IOB2', async () => {
  const source = memorySource('train.txt', '-DOCSTART- O\n\nEU I-ORG\nrejects O\n\nBonn I-LOC\nRome B-LOC\n')
  const { examples, notes } = await readTaggedSentences(source)
  expect(examples.map(({ tags }) => tags)).toEqual([
    ['B-ORG', 'O'],
    ['B-LOC', 'B-LOC'],
  ])
  expect(notes).toEqual(['tags of spans in IOB1, read as IOB2'])
  const { examples: closed } = await readTaggedSentences(source, { scheme: 'iobes' })
  expect(closed.map(({ tags }) => tags[0])).toEqual(['S-ORG', 'S-LOC'])
})

it('counts tags that continue nothing, and keeps other tags as they are', async () => {
  const { notes } = await readTaggedSentences(memorySource('a.bio', 'a B-X\nb O\nc I-X\n'))
  expect(notes).toEqual(['tags of spans in IOB2', '1 tags continue no span of their type'])
  const { examples } = await readTaggedSentences(memorySource('a.tsv', 'run\tNOUN\n'), { scheme: 'iob2' })
  expect(examples).toEqual([{ words: ['run'], tags: ['NOUN'] }])
})

it('keeps the text of CoNLL-U where words stand without spaces', async () => {
  const lines = ['# text = Go!', '1\tGo\t_\tVERB\t_\t_\t_\t_\t_\t_', '2\t!\t_\tPUNCT\t_\t_\t_\t_\t_\t_', '', '']
  const { examples } = await readTaggedSentences(memorySource('a.txt', lines.join('\n')))
  expect(examples).toEqual([{ words: ['Go', '!'], tags: ['VERB', 'PUNCT'], text: 'Go!' }])
})
