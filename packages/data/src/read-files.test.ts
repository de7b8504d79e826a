import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  readBytes,
  readConllu,
  readCsv,
  readIdx,
  readJsonl,
  readLines,
  readText,
  readTsv,
  readWav,
} from './read-files.ts'

let folder = ''
const write = async (name: string, content: string | Uint8Array) => {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-data-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('the file readers', () => {
  it('read files of every format', async () => {
    expect(await readText(await write('a.txt', '\uFEFF가\n'))).toBe('가\n')
    expect((await readLines(await write('b.txt', '가\n나\n'))).rows).toEqual(['가', '나'])
    expect((await readTsv(await write('c.tsv', 'a\tb\n'), { columns: ['x', 'y'] })).rows).toEqual([{ x: 'a', y: 'b' }])
    expect((await readCsv(await write('d.csv', 'x,y\n"a,",b\n'))).rows).toEqual([{ x: 'a,', y: 'b' }])
    expect((await readJsonl(await write('e.jsonl', '{"a":1}\n'))).rows).toEqual([{ a: 1 }])
    const { rows } = await readConllu(await write('f.conllu', `1\ta${'\t_'.repeat(8)}\n\n`))
    expect(rows[0]!.tokens[0]!.form).toBe('a')
    expect(await readIdx(await write('g.idx', Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 7)))).toEqual({
      shape: [1],
      data: Uint8Array.of(7),
    })
    const header = 'RIFF\x26\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data\x02\0\0\0'
    const wav = await readWav(
      await write('h.wav', Uint8Array.from([...header].map((c) => c.charCodeAt(0)).concat(0, 128))),
    )
    expect(wav).toEqual({ sampleRate: 8000, numChannels: 1, samples: Float32Array.of(-1, 0) })
  })

  it('name the file in errors about its content', async () => {
    const path = await write('bad.tsv', 'a\tb\nc\n')
    await expect(readTsv(path, { columns: ['x', 'y'] })).rejects.toThrow(`${path}:2: expected 2 columns, got 1`)
    const latin1 = await write('latin1.txt', Uint8Array.of(0x61, 0xe9))
    await expect(readText(latin1)).rejects.toThrow(
      `${latin1}:1: expected UTF-8, got an invalid byte 0xe9 at byte offset 1.`,
    )
  })

  it('say what is wrong with a path', async () => {
    const none = join(folder, 'none.txt')
    await expect(readBytes(none)).rejects.toThrow(`${none}: expected a readable file, got none. Check the path.`)
    await expect(readBytes(folder)).rejects.toThrow(
      `${folder}: expected a readable file, got a folder. Name a file in it.`,
    )
  })
})
