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
    notes: ['1 sentences with words without a tag were left out'],
  })
  const { examples } = await readTaggedSentences(source, { tags: 'xpos' })
  expect(examples).toEqual([{ words, tags: ['NP', 'VV+EC'] }])
})
