import { describe, expect, it } from 'vitest'
import { type DataSource, memorySource, onlyFile } from './data-source.ts'

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
    expect(() => onlyFile(two, 'names')).toThrow('names: expected one data file, got 2 in folder. Name a single file.')
    expect(() => onlyFile(folder(), 'names')).toThrow('got 0 in folder')
  })
})
