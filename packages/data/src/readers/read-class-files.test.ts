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
      notes: ['left out as holding no data: NOTICE.txt, LICENSE', '1 repeated texts were left out'],
    })
  })

  it('reads a single file of texts and labels', async () => {
    const source = memorySource('names.tsv', 'Kim\tKorean\nNeal\tIrish\n')
    const { examples, notes } = await readClassFiles(source, { where })
    expect(notes).toEqual(['column 1 was taken for the text and column 2 for the label'])
    expect(examples).toEqual([
      { text: 'Kim', label: 'Korean' },
      { text: 'Neal', label: 'Irish' },
    ])
  })

  it('reads a folder for each part, with the same text in two parts', async () => {
    const source = folder({ 'x/train/Korean.txt': 'Kim\n', 'x/test/Korean.txt': 'Kim\nPark\n' })
    expect((await readClassFiles(source, { where })).examples).toEqual([
      { text: 'Kim', label: 'Korean', split: 'train' },
      { text: 'Kim', label: 'Korean', split: 'test' },
      { text: 'Park', label: 'Korean', split: 'test' },
    ])
  })

  it('reads files named after the parts of a split as tables', async () => {
    const source = folder({ 'train.tsv': 'Kim\tKorean\n', 'test.tsv': 'Neal\tIrish\n' })
    expect((await readClassFiles(source, { where })).examples).toEqual([
      { text: 'Kim', label: 'Korean', split: 'train' },
      { text: 'Neal', label: 'Irish', split: 'test' },
    ])
  })

  it('refuses a folder with a file for each text', async () => {
    const files = Array.from({ length: 100 }, (_, i) => [`${i}.txt`, 'A review.\n'] as const)
    await expect(readClassFiles(folder(Object.fromEntries(files)), { where })).rejects.toThrow(
      'names: expected a file for each class with many lines in names, got 100 different labels in 100 rows.',
    )
  })

  it('says when there are no examples', async () => {
    await expect(readClassFiles(folder({ 'data/LICENSE': 'MIT', 'data/README.md': '' }), { where })).rejects.toThrow(
      'names: expected text files with an example in each line in names, got none.',
    )
  })
})
