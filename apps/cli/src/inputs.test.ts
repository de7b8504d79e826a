import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InputReader } from '@heddle/tasks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readInputs } from './inputs.ts'
import type { UseColumns } from './use-rows.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-inputs-'))
})
afterAll(() => rm(folder, { recursive: true }))

const text = { kind: 'text', read: String } as const

async function inputsOf(
  content: string | Uint8Array,
  reader: InputReader<unknown> = text,
  { name = 'inputs.txt', ...wanted }: Partial<UseColumns['wanted']> & { readonly name?: string } = {},
) {
  const file = join(folder, name)
  await writeFile(file, content)
  const notes: string[] = []
  const given = { texts: [], file, command: 'predict' }
  const columns = { wanted: { names: [['text']], ...wanted }, settings: {} }
  const { texts: inputs, read } = await readInputs(given, reader, (note) => notes.push(note), columns)
  return { inputs, notes: notes.map((note) => note.replace(folder, '')), ...(read && { read }) }
}

describe('readInputs', () => {
  it('reads an input in each line', async () => {
    for (const end of ['\n', '\r\n', '\r']) {
      expect(await inputsOf(`a${end} b${end}`)).toEqual({ inputs: ['a', ' b'], notes: [] })
    }
    expect(await inputsOf('a\nb')).toEqual({ inputs: ['a', 'b'], notes: [] })
  })

  it('reads the column of a table that can be told, and the lines of any other', async () => {
    const likely = { columns: [2], header: false, width: 2 }
    expect(await inputsOf('neg\tso bad\n', text, { likely })).toEqual({ inputs: ['so bad'], notes: [] })
    expect((await inputsOf('id,text\n7,"a, b"\n', text, { name: 'a.csv' })).inputs).toEqual(['a, b'])
    expect((await inputsOf('{"text":"x"}\n', text, { name: 'a.jsonl' })).inputs).toEqual(['x'])
    expect((await inputsOf('one\ttwo\n')).inputs).toEqual(['one\ttwo'])
    expect((await inputsOf('one\ttwo\n', text, { columns: [2] })).inputs).toEqual(['two'])
    await expect(inputsOf('one\ttwo\n', text, { name: 'a.tsv' })).rejects.toThrow('a.tsv: expected a column "text"')
    await expect(inputsOf('a\tb\n', text, { name: 'a.tsv', columns: ['x'] })).rejects.toThrow('expected a column "x"')
  })

  it('leaves empty lines out, and says how many', async () => {
    expect(await inputsOf('a\n\nb')).toEqual({ inputs: ['a', 'b'], notes: ['/inputs.txt: 1 empty line left out'] })
    expect(await inputsOf('\na\n \n\n')).toEqual({ inputs: ['a'], notes: ['/inputs.txt: 3 empty lines left out'] })
    await expect(inputsOf('\n \n')).rejects.toThrow('expected an input in each line, got an empty')
  })

  it('gives a task that reads a series all lines as one input', async () => {
    expect(await inputsOf('1\n\n2\n', { ...text, lines: 'one input' })).toEqual({ inputs: ['1\n\n2\n'], notes: [] })
  })

  it('reads both texts of pairs', async () => {
    const pair = { kind: 'pair', columns: [['a', 'b']], read: (texts: readonly [string, string]) => texts } as const
    const names = [['a', 'b']]
    const expected = { inputs: ['x ||| y, z'], notes: [], read: [['x', 'y, z']] }
    expect(await inputsOf('id,b,a\n1,"y, z",x\n', pair, { name: 'a.csv', names })).toEqual(expected)
    for (const line of ['x\ty, z', 'x|||y, z']) expect(await inputsOf(line, pair, { names })).toEqual(expected)
    await expect(inputsOf('x ||| y\nalone\n', pair, { names })).rejects.toThrow('inputs.txt:2: expected 2 texts')
  })

  it('names the line that is not UTF-8', async () => {
    await expect(inputsOf(Uint8Array.of(0x61, 10, 0xe9, 10))).rejects.toThrow('inputs.txt:2: expected UTF-8')
  })

  it('takes arguments as they are', async () => {
    const notes: string[] = []
    const given = { texts: ['a', ''], command: 'predict' }
    const columns = { wanted: { names: [['text']] }, settings: {} }
    expect(await readInputs(given, text, (note) => notes.push(note), columns)).toEqual({ texts: ['a', ''] })
    expect(notes).toEqual([])
  })
})
