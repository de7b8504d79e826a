import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { HeddleError } from '@heddle/core'
import { type InputReader, readIdxInputs, readSentenceInputs } from '@heddle/tasks'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ResultWriter } from './result-writer.ts'
import { RowFile } from './row-file.ts'
import { RowInput } from './row-input.ts'
import { placeOf, type UseRow, useRows } from './use-rows.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-use-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const text = { kind: 'text', read: String } as const
const file = { kind: 'file', read: async () => 0 } as const

async function rowsOf(path: string, reader: InputReader<unknown>): Promise<UseRow[]> {
  const rows: UseRow[] = []
  const columns = { wanted: { names: [['text'], ['path']] }, settings: {} }
  for await (const row of useRows(await RowInput.open(join(folder, path), '--input'), reader, columns)) rows.push(row)
  return rows
}

async function write(path: string, content: string | Uint8Array) {
  await mkdir(join(folder, path, '..'), { recursive: true })
  await writeFile(join(folder, path), content)
}

describe('useRows', () => {
  it('reads tables and lines, packed and in UTF-16 too', async () => {
    const table = 'id\ttext\n7\t나\n'
    const expected = [{ line: 2, cells: { id: '7', text: '나' }, text: '나' }]
    await write('a.tsv', table)
    await write('b.tsv.gz', gzipSync(table))
    await write('c.tsv', Buffer.from(`\ufeff${table}`, 'utf16le'))
    await write('d.csv', `\ufeff${table.replaceAll('\t', ',').replaceAll('\n', '\r\n')}`)
    for (const path of ['a.tsv', 'b.tsv.gz', 'c.tsv', 'd.csv']) expect(await rowsOf(path, text), path).toEqual(expected)
    await write('e.tsv.gz', gzipSync(table).subarray(0, 20))
    await expect(rowsOf('e.tsv.gz', text)).rejects.toThrow('e.tsv.gz: expected gzip')
  })

  it('names a line that is not UTF-8, and the others are read', async () => {
    await write('a.txt', Buffer.concat([Buffer.from('one\ncaf'), Buffer.of(0xe9), Buffer.from('\ntwo\n')]))
    const [one, bad, two] = await rowsOf('a.txt', text)
    expect([one?.text, two?.text]).toEqual(['one', 'two'])
    expect(bad).toMatchObject({ line: 2, problem: 'expected UTF-8, got other bytes.' })
    expect(placeOf(bad!, 'a.txt')).toBe('a.txt:2')
  })

  it('reads the files of a folder, and folders of frames', async () => {
    for (const path of ['p/b/1.png', 'p/a/0.png', 'p/a/1.png', 'p/README.md']) await write(path, 'x')
    await write('t/one.txt', ' text \n')
    const paths = async (path: string, reader: InputReader<unknown>) =>
      (await rowsOf(path, reader)).map(({ cells, text: own }) => `${cells['path']}=${own}`.replaceAll(folder, ''))
    expect(await paths('p', file)).toEqual(['/p/a/0.png', '/p/a/1.png', '/p/b/1.png'].map((each) => `${each}=${each}`))
    expect(await paths('p', { ...file, isFolder: true })).toEqual(['/p/a=/p/a', '/p/b=/p/b'])
    expect(await paths('p/b/1.png', file)).toEqual(['/p/b/1.png=/p/b/1.png'])
    expect(await paths('t', text)).toEqual(['/t/one.txt=text'])
    await expect(rowsOf('t', file)).rejects.toThrow('expected pictures (PNG) or recordings (WAV) in the folder')
  })

  it('finds files that a table names beside it', async () => {
    await write('p/0.png', 'x')
    await write('p/all.csv', 'path,note\n0.png,a\n')
    expect(await rowsOf('p/all.csv', file)).toEqual([
      { line: 2, cells: { path: '0.png', note: 'a' }, text: join(folder, 'p/0.png') },
    ])
  })

  it("reads formats of a task's own", async () => {
    await write('a.conll', 'Seoul B-LOC\nis O\n\nlarge O\n')
    const words: InputReader<unknown> = { ...text, readAll: readSentenceInputs }
    expect(await rowsOf('a.conll', words)).toMatchObject([
      { line: 1, cells: { sentence: '1' }, read: ['Seoul', 'is'] },
      { line: 4, cells: { sentence: '2' }, read: ['large'] },
    ])
    await write('a.txt', 'Seoul is large\nand old\n')
    expect((await rowsOf('a.txt', words)).map((row) => row.text)).toEqual(['Seoul is large', 'and old'])
    await write('x-idx3-ubyte', Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4))
    expect(await rowsOf('x-idx3-ubyte', { ...file, readAll: readIdxInputs(3) })).toMatchObject([
      { cells: { number: 1 }, read: { pixels: Uint8Array.of(1, 2), width: 2, height: 1 } },
      { cells: { number: 2 }, read: { pixels: Uint8Array.of(3, 4) } },
    ])
  })
})

describe('ResultWriter', () => {
  const row = (line: number, own: string, more: Partial<UseRow> = {}): UseRow => ({
    ...{ line, cells: { id: line, text: own }, text: own },
    ...more,
  })

  async function written(name: string, batches: readonly (readonly UseRow[])[]) {
    const calls: number[] = []
    const problems: string[] = []
    const output = new RowFile(join(folder, name), '--output')
    const writer = new ResultWriter(output, {
      use: 'predict',
      input: 'in.tsv',
      signal: new AbortController().signal,
      onProblem: (message) => problems.push(message),
      apply: async (texts) => {
        calls.push(texts.length)
        if (texts.includes('bad')) throw new HeddleError('data', 'expected better, got bad.')
        return { outputs: [], json: [], rows: texts.map((each) => ({ prediction: each.length, scores: { a: 0.5 } })) }
      },
    })
    for (const batch of batches) await writer.write(batch)
    writer.finish()
    await output.finish()
    return { writer, calls, problems, output }
  }

  it('writes rows without a result in their place, and names those that cannot be read', async () => {
    const { writer, problems } = await written('a.tsv', [
      [row(1, ''), row(2, 'bad')],
      [row(3, 'one'), row(4, 'x', { problem: 'expected 2 columns, got 3.' }), row(5, 'three')],
    ])
    expect([writer.empty, writer.unread]).toEqual([1, 2])
    expect(problems).toEqual(['in.tsv:2: expected better, got bad.', 'in.tsv:4: expected 2 columns, got 3.'])
    expect(await readFile(join(folder, 'a.tsv'), 'utf8')).toBe(
      'id\ttext\tprediction\tscores.a\n1\t\t\t\n2\tbad\t\t\n3\tone\t3\t0.5\n4\tx\t\t\n5\tthree\t5\t0.5\n',
    )
  })

  it('finds the row at fault in few calls, and tells the reason in JSON lines', async () => {
    const rows = Array.from({ length: 64 }, (_, i) => row(i + 1, i === 40 ? 'bad' : 'fine'))
    const { calls, output } = await written('a.jsonl', [rows])
    expect(calls.length).toBeLessThanOrEqual(2 * 6 + 1)
    expect(output.rows).toBe(64)
    const lines = (await readFile(join(folder, 'a.jsonl'), 'utf8')).trimEnd().split('\n')
    expect(JSON.parse(lines[40]!)).toEqual({ id: 41, text: 'bad', error: 'in.tsv:41: expected better, got bad.' })
    expect(JSON.parse(lines[41]!)).toEqual({ id: 42, text: 'fine', prediction: 4, scores: { a: 0.5 } })
  })

  it('fails where no row has a result', async () => {
    await expect(written('a.tsv', [[row(1, 'bad')]])).rejects.toThrow('in.tsv:1: expected better')
    await expect(written('a.tsv', [])).rejects.toThrow('expected rows in in.tsv, got an empty file')
    const hopeless = Array.from({ length: 1001 }, (_, i) => row(i + 1, 'x', { problem: 'expected nothing.' }))
    await expect(written('a.tsv', [hopeless, [row(2000, 'fine')]])).rejects.toThrow('in.tsv:1: expected nothing')
  })

  it('names columns that only later rows have', async () => {
    const { output } = await written('a.csv', [[row(1, 'a')], [{ ...row(2, 'b'), cells: { id: 2, late: 'x' } }]])
    expect(output.left).toEqual(['late'])
  })
})
