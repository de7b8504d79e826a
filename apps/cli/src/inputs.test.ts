import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type InputColumn, readInputs } from './inputs.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-inputs-'))
})
afterAll(() => rm(folder, { recursive: true }))

const text = { kind: 'text', read: String } as const

async function inputsOf(
  content: string,
  input: Parameters<typeof readInputs>[1]['input'] = text,
  { name = 'inputs.txt', ...column }: Partial<InputColumn> & { readonly name?: string } = {},
) {
  const file = join(folder, name)
  await writeFile(file, content)
  const notes: string[] = []
  const inputs = await readInputs({ texts: [], file, command: 'predict' }, { input }, (note) => notes.push(note), {
    names: ['text'],
    ...column,
  })
  return { inputs, notes: notes.map((note) => note.replace(folder, '')) }
}

describe('readInputs', () => {
  it('reads an input in each line', async () => {
    for (const end of ['\n', '\r\n', '\r']) {
      expect(await inputsOf(`a${end} b${end}`)).toEqual({ inputs: ['a', ' b'], notes: [] })
    }
    expect(await inputsOf('a\nb')).toEqual({ inputs: ['a', 'b'], notes: [] })
  })

  it('reads the column of a table that can be told, and the lines of any other', async () => {
    const likely = { column: 2, header: false, width: 2 }
    expect(await inputsOf('neg\tso bad\n', text, { likely })).toEqual({ inputs: ['so bad'], notes: [] })
    expect((await inputsOf('id,text\n7,"a, b"\n', text, { name: 'a.csv' })).inputs).toEqual(['a, b'])
    expect((await inputsOf('{"text":"x"}\n', text, { name: 'a.jsonl' })).inputs).toEqual(['x'])
    expect((await inputsOf('one\ttwo\n', text, { name: 'a.tsv' })).inputs).toEqual(['one\ttwo'])
    expect((await inputsOf('one\ttwo\n', text, { column: 2 })).inputs).toEqual(['two'])
    await expect(inputsOf('one\ttwo\n', text, { name: 'a.tsv', column: 'x' })).rejects.toThrow('expected a column "x"')
  })

  it('leaves empty lines out, and says how many', async () => {
    expect(await inputsOf('a\n\nb')).toEqual({ inputs: ['a', 'b'], notes: ['/inputs.txt: 1 empty line left out'] })
    expect(await inputsOf('\na\n \n\n')).toEqual({ inputs: ['a'], notes: ['/inputs.txt: 3 empty lines left out'] })
    await expect(inputsOf('\n \n')).rejects.toThrow('expected an input in each line, got an empty')
  })

  it('gives a task that reads a series all lines as one input', async () => {
    expect(await inputsOf('1\n\n2\n', { ...text, lines: 'one input' })).toEqual({ inputs: ['1\n\n2\n'], notes: [] })
  })

  it('takes arguments as they are', async () => {
    const notes: string[] = []
    const given = { texts: ['a', ''], command: 'predict' }
    expect(await readInputs(given, { input: text }, (note) => notes.push(note))).toEqual(['a', ''])
    expect(notes).toEqual([])
  })
})
