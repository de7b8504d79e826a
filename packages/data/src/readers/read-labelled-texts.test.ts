import { describe, expect, it } from 'vitest'
import { memorySource } from '../sources/data-source.ts'
import { readLabelledTexts } from './read-labelled-texts.ts'

const options = {
  where: 'sentiment',
  text: 'document',
  label: 'label',
  labelNames: { '0': 'negative', '1': 'positive' },
}

describe('readLabelledTexts', () => {
  it('reads texts with labels, names the labels, and leaves empty texts out', async () => {
    const text = 'id\tdocument\tlabel\n1\t좋아요 "최고"\t1\n2\t\t0\n3\t별로\t0\n4\t글쎄\t2\n'
    const { examples, notes } = await readLabelledTexts(memorySource('ratings.txt', text), options)
    expect(examples).toEqual([
      { text: '좋아요 "최고"', label: 'positive' },
      { text: '별로', label: 'negative' },
      { text: '글쎄', label: '2' },
    ])
    expect(notes).toEqual([expect.stringContaining('1 rows left out; the first: ratings.txt:3')])
  })

  it('says which column is missing', async () => {
    const source = memorySource('a.tsv', 'id\ttext\tlabel\n1\ta\t1\n')
    await expect(readLabelledTexts(source, options)).rejects.toThrow("'document'")
  })
})
