import { expect, it } from 'vitest'
import { memorySource } from '../sources/data-source.ts'
import { readTexts } from './read-texts.ts'

const source = (...contents: (string | Uint8Array)[]) => ({
  name: 'folder',
  files: contents.flatMap((content, i) => memorySource(`${i}.txt`, content).files),
})

it('reads each file as a text with one kind of line end', async () => {
  const { examples } = await readTexts(source('\uFEFF가\r\n나\n', 'b'))
  expect(examples).toEqual(['가\n나\n', 'b'])
})

it('names the file that is not UTF-8', async () => {
  await expect(readTexts(source('a', Uint8Array.of(0x61, 0xe9)))).rejects.toThrow('1.txt:1: expected UTF-8')
})

it('tells the parts that files belong to', async () => {
  const files = ['wiki.train.tokens', 'wiki.valid.tokens', 'README.md'].flatMap(
    (name) => memorySource(name, name).files,
  )
  expect(await readTexts({ name: 'wiki', files })).toEqual({
    examples: ['wiki.train.tokens', 'wiki.valid.tokens'],
    splits: ['train', 'validation'],
    notes: ['left out as holding no data: README.md'],
  })
})

it('reads CR as line ends where there are no others', async () => {
  expect((await readTexts(source('a\rb\r'))).examples).toEqual(['a\nb\n'])
})
