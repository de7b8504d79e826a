import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { RowFile } from './row-file.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-rows-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const file = (name = 'a/b.tsv') => new RowFile(join(folder, name), '--output')

it('has its name once it is whole', async () => {
  const rows = file()
  await rows.write([{ text: 'x' }, { text: 'y', scores: { no: 0.5 } }])
  await rows.write([{ text: 'z', scores: { no: 1, more: 2 } }])
  expect(await readdir(join(folder, 'a'))).toEqual(['b.tsv.partial'])
  await rows.finish()
  expect(await readdir(join(folder, 'a'))).toEqual(['b.tsv'])
  expect(await readFile(rows.path, 'utf8')).toBe('text\tscores.no\nx\t\ny\t0.5\nz\t1\n')
  expect(rows.rows).toBe(3)
})

it('keeps what there is under another name when it is stopped, and nothing when it is discarded', async () => {
  const rows = file('b.jsonl')
  await rows.write([{ text: 'x' }])
  await rows.stop()
  expect(await readFile(rows.partial, 'utf8')).toBe('{"text":"x"}\n')
  const other = file('c.jsonl')
  await other.write([{ text: 'x' }])
  await other.discard()
  expect(await readdir(folder)).toEqual(['b.jsonl.partial'])
})

it('names the file that cannot be written', async () => {
  const rows = file('b.csv')
  await rows.write([{ text: 'x' }])
  await rows.stop()
  const inside = file('b.csv.partial/c.csv')
  await expect(inside.write([{ text: 'x' }])).rejects.toThrow(/--output: expected to write .*c\.csv, got/)
})
