import { expect, it } from 'vitest'
import { memorySource } from '../sources/data-source.ts'
import { readColumn } from './read-column.ts'

const read = (name: string, content: string, column: string | number) =>
  readColumn(memorySource(name, content).files[0]!, column, 'corpus')

it('reads a column by name or number', async () => {
  expect(await read('a.tsv', 'id\tdocument\n1\t가\n2\t\n3\t나', 'document')).toEqual({ texts: ['가', '나'], left: 1 })
  expect(await read('a.tsv', '1\t가\n3\t나', 2)).toEqual({ texts: ['가', '나'], left: 0 })
  expect(await read('a.csv', 'text,x\n"a, b",1\n', 'text')).toEqual({ texts: ['a, b'], left: 0 })
  expect(await read('a.jsonl', '{"text":"a"}\n{"x":1}\n', 'text')).toEqual({ texts: ['a'], left: 1 })
})

it('names the columns that there are', async () => {
  await expect(read('a.tsv', 'id\tdocument\n1\t가', 'documents')).rejects.toThrow(
    /^corpus: expected a column "documents" in a.tsv, got none. Did you mean 'document'\?/,
  )
})
