import { describe, expect, it } from 'vitest'
import { onlyFile } from './data-files.ts'
import { abortableSource, type DataFile, type DataSource, memorySource } from './data-source.ts'

const folder = (...parts: DataSource[]): DataSource => ({ name: 'folder', files: parts.flatMap(({ files }) => files) })

describe('memorySource', () => {
  it('holds text as UTF-8, and bytes as they are', async () => {
    const [text] = memorySource('a.txt', '가').files
    expect(await text!.bytes()).toEqual(Uint8Array.of(0xea, 0xb0, 0x80))
    expect(await memorySource('a', Uint8Array.of(1, 2)).files[0]!.bytes()).toEqual(Uint8Array.of(1, 2))
  })
})

describe('onlyFile', () => {
  it('returns the file', () => {
    expect(onlyFile(memorySource('a.txt', ''), 'names').name).toBe('a.txt')
  })

  it('refuses several files, and none', () => {
    const two = folder(memorySource('a', ''), memorySource('b', ''))
    expect(() => onlyFile(two, 'names')).toThrow(
      'names: expected one data file, got 2 in folder: a, b. Name a single file.',
    )
    expect(() => onlyFile(folder(), 'names')).toThrow('got none in folder')
  })
})

describe('abortableSource', () => {
  it('reads nothing more once the signal has aborted, in folders and in parts of files too', async () => {
    const bytes = Uint8Array.of(1, 2, 3)
    const large: DataFile = {
      name: 'large',
      bytes: async () => bytes,
      files: async () => [{ name: 'inner', bytes: async () => bytes }],
      pieces: { size: async () => 3, read: async (start, end) => bytes.slice(start, end) },
    }
    const controller = new AbortController()
    const reason = new Error('enough')
    const { files, name } = abortableSource({ name: 'all', files: [large] }, controller.signal)
    expect([name, files[0]!.name]).toEqual(['all', 'large'])
    const [inner] = (await files[0]!.files!())!
    expect(await inner!.bytes()).toEqual(bytes)
    expect(await files[0]!.pieces!.read(1, 2)).toEqual(Uint8Array.of(2))
    controller.abort(reason)
    await expect(inner!.bytes()).rejects.toBe(reason)
    await expect(files[0]!.bytes()).rejects.toBe(reason)
    await expect(files[0]!.files!()).rejects.toBe(reason)
    await expect(files[0]!.pieces!.read(0, 1)).rejects.toBe(reason)
  })
})
