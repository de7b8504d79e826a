import { describe, expect, it } from 'vitest'
import { memorySource } from '../sources/data-source.ts'
import { readClassFiles } from './read-class-files.ts'

const folder = (files: Record<string, string>) => ({
  name: 'names',
  files: Object.entries(files).flatMap(([name, text]) => memorySource(name, text).files),
})
const where = 'names'

describe('readClassFiles', () => {
  it('takes each file of a folder for a class, and a text of a class once', async () => {
    const source = folder({
      'data/Korean.txt': 'Kim\nPark\n\nKim \n',
      'data/Irish.txt': "O'Neal\nKim\n",
      'data/NOTICE.txt': 'About these files',
      'data/LICENSE': 'MIT',
    })
    expect(await readClassFiles(source, { where })).toEqual({
      examples: [
        { text: 'Kim', label: 'Korean' },
        { text: 'Park', label: 'Korean' },
        { text: "O'Neal", label: 'Irish' },
        { text: 'Kim', label: 'Irish' },
      ],
      notes: ['1 repeated texts were left out'],
    })
  })

  it('reads a single file of texts and labels', async () => {
    const { examples } = await readClassFiles(memorySource('names.tsv', 'Kim\tKorean\nNeal\tIrish\n'), { where })
    expect(examples).toEqual([
      { text: 'Kim', label: 'Korean' },
      { text: 'Neal', label: 'Irish' },
    ])
  })

  it('says when there are no examples', async () => {
    await expect(readClassFiles(folder({ 'data/LICENSE': 'MIT' }), { where })).rejects.toThrow(
      'names: expected text files with an example in each line in names, got none.',
    )
  })
})
