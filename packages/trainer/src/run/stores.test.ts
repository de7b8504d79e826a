import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MemoryStore, type RunStore } from '../index.ts'
import { FolderStore } from '../node.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-store-'))
})
afterAll(() => rm(folder, { recursive: true }))

const stores: [string, () => RunStore][] = [
  ['MemoryStore', () => new MemoryStore()],
  ['FolderStore', () => new FolderStore(join(folder, 'run'))],
]

describe.each(stores)('%s', (_, make) => {
  it('keeps files', async () => {
    const store = make()
    expect(await store.read('trainer/a')).toBeUndefined()
    expect(await store.list('trainer')).toEqual([])
    const bytes = Uint8Array.of(1, 2, 3)
    await store.write('trainer/a', bytes)
    bytes[0] = 9
    expect(await store.read('trainer/a')).toEqual(Uint8Array.of(1, 2, 3))
    await store.write('trainer/a', Uint8Array.of(4))
    expect(await store.read('trainer/a')).toEqual(Uint8Array.of(4))
    await store.write('trainer/deep/b', Uint8Array.of(5))
    await store.write('c', Uint8Array.of(6))
    expect(await store.list('trainer')).toEqual(['trainer/a', 'trainer/deep/b'])
    expect(await store.list('')).toEqual(['c', 'trainer/a', 'trainer/deep/b'])
    await store.append('log', 'one\n')
    await store.append('log', '둘\n')
    expect(new TextDecoder().decode(await store.read('log'))).toBe('one\n둘\n')
    await store.remove('trainer/a')
    await store.remove('trainer/a')
    expect(await store.list('trainer')).toEqual(['trainer/deep/b'])
  })
})

describe('FolderStore', () => {
  it('opens files to read parts of them', async () => {
    const store = new FolderStore(join(folder, 'parts'))
    expect(await store.open('a')).toBeUndefined()
    await store.write('a', Uint8Array.of(1, 2, 3, 4))
    const file = (await store.open('a'))!
    expect(file.size).toBe(4)
    expect(await file.read(1, 3)).toEqual(Uint8Array.of(2, 3))
    expect(await file.read(3, 9)).toEqual(Uint8Array.of(4))
    await file.close()
    await expect(file.read(0, 1)).rejects.toThrow(`FolderStore: could not read '${join(folder, 'parts', 'a')}'`)
  })

  it('leaves no temporary file', async () => {
    const store = new FolderStore(join(folder, 'clean'))
    await store.write('a', Uint8Array.of(1))
    expect(await readdir(join(folder, 'clean'))).toEqual(['a'])
  })

  it('says which file could not be written or read', async () => {
    await writeFile(join(folder, 'file'), '')
    const store = new FolderStore(join(folder, 'file'))
    await expect(store.write('a', Uint8Array.of(1))).rejects.toMatchObject({
      code: 'file',
      message: expect.stringContaining(`FolderStore: could not write '${join(folder, 'file', 'a')}'`),
    })
    await expect(new FolderStore(folder).read('clean')).rejects.toThrow('FolderStore: could not read')
  })
  // Writing to /dev/full fails as on a full disk.
  it.runIf(process.platform === 'linux')('on a full disk names the file, and keeps the old one', async () => {
    const run = join(folder, 'full')
    const store = new FolderStore(run)
    await store.write('trainer/state.json', Uint8Array.of(1))
    await symlink('/dev/full', join(run, 'trainer/state.json.tmp'))
    await expect(store.write('trainer/state.json', Uint8Array.of(2))).rejects.toMatchObject({
      code: 'file',
      message: expect.stringMatching(/could not write '.*state\.json' \(ENOSPC.*free space/),
    })
    expect(await store.read('trainer/state.json')).toEqual(Uint8Array.of(1))
    expect(await readdir(join(run, 'trainer'))).toEqual(['state.json'])
    await symlink('/dev/full', join(run, 'log.jsonl'))
    await expect(store.append('log.jsonl', 'x')).rejects.toThrow(/could not append to '.*log\.jsonl' \(ENOSPC/)
  })
})
