import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { dataFiles } from './data-files.ts'

const source = (...names: string[]) => ({
  name: 'folder',
  files: names.map((name) => ({ name, bytes: async () => new Uint8Array() })),
})
const namesOf = ({ files }: { files: readonly { name: string }[] }) => files.map(({ name }) => name)

describe('dataFiles', () => {
  it('ignores hidden files and what programs leave behind', () => {
    const hidden = ['a/.DS_Store', 'a/._x.txt', 'a/.ipynb_checkpoints/x.txt', '__MACOSX/x.txt', 'a\\.git\\config']
    const { notes, ...chosen } = dataFiles(source('/home/.cache/me/x.txt', 'a/y.txt', ...hidden))
    expect(namesOf(chosen)).toEqual(['/home/.cache/me/x.txt', 'a/y.txt'])
    expect(notes).toEqual([])
  })

  it('names the files that hold no data', () => {
    const names = ['x.wav', 'LICENSE', 'README.md', '_about.txt', 'readme-please.wav', 'a', 'b', 'c', 'd']
    const { notes, ...chosen } = dataFiles(source(...names), (name) => name.endsWith('.wav'))
    expect(namesOf(chosen)).toEqual(['x.wav', 'readme-please.wav'])
    expect(notes).toEqual(['left out as holding no data: LICENSE, README.md, _about.txt, a, b and 2 more'])
  })

  it('leaves out what describes the data, so that one file of data is the only one', () => {
    const { files } = dataFiles(source('kor.txt', '_about.txt', 'NOTICE.txt', 'about-horses.txt'))
    expect(namesOf({ files })).toEqual(['kor.txt', 'about-horses.txt'])
  })

  it('unpacks gzip, all but IDX, whose reader does', async () => {
    const packed = gzipSync('text\n')
    const files = ['a/train.tsv.gz', 'x-idx3-ubyte.gz'].map((name) => ({ name, bytes: async () => packed }))
    const chosen = dataFiles({ name: 'folder', files }).files
    expect(namesOf({ files: chosen })).toEqual(['a/train.tsv', 'x-idx3-ubyte.gz'])
    expect(new TextDecoder().decode(await chosen[0]!.bytes())).toBe('text\n')
    expect(await chosen[1]!.bytes()).toBe(packed)
  })

  it('takes a single file whatever it is called', () => {
    expect(namesOf(dataFiles(source('.hidden'), () => false))).toEqual(['.hidden'])
  })
})
