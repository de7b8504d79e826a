import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dataSource, fileAt } from './data-files.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-files-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function write(...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), name)
  }
}
const names = async (...paths: string[]) =>
  (await dataSource(paths.map((path) => join(folder, path))))!.files.map(({ name }) => relative(folder, name))

describe('dataSource', () => {
  it('takes files, and all files of folders in the order of their paths', async () => {
    await write('d/b.txt', 'd/a/z.txt', 'd/a.txt', 'e.txt')
    expect(await names('e.txt', 'd')).toEqual(['e.txt', 'd/a.txt', 'd/a/z.txt', 'd/b.txt'])
    expect(await dataSource([])).toBeUndefined()
  })

  it('ignores hidden files and folders in a folder, not those that are named', async () => {
    await write('.d/a.txt', '.d/.b.txt', '.d/._a.txt', '.d/.ipynb_checkpoints/a.txt')
    expect(await names('.d')).toEqual(['.d/a.txt'])
    expect(await names('.d/.b.txt')).toEqual(['.d/.b.txt'])
  })

  it('follows links to files and folders', async () => {
    await write('real/Korean.txt', 'other/Irish.txt', 'd/Welsh.txt')
    await symlink(join(folder, 'real'), join(folder, 'd/linked'))
    await symlink(join(folder, 'other/Irish.txt'), join(folder, 'd/Irish.txt'))
    expect(await names('d')).toEqual(['d/Irish.txt', 'd/Welsh.txt', 'd/linked/Korean.txt'])
  })

  it('refuses links that form a loop, and links to nothing', async () => {
    await write('d/a.txt')
    await symlink(join(folder, 'd'), join(folder, 'd/again'))
    await expect(names('d')).rejects.toThrow(/^--data: expected folders without loops, got .*d\/again/)
    await rm(join(folder, 'd/again'))
    await symlink('self', join(folder, 'd/self'))
    await expect(names('d')).rejects.toThrow(/got links that form a loop at .*d\/self/)
    await rm(join(folder, 'd/self'))
    await symlink('nowhere', join(folder, 'd/gone'))
    await expect(names('d')).rejects.toThrow(/^--data: expected a file or folder, got none at .*d\/gone/)
  })

  it('refuses a pipe instead of waiting for it', async () => {
    await mkdir(join(folder, 'd'))
    execFileSync('mkfifo', [join(folder, 'd/pipe')])
    for (const path of ['d', 'd/pipe']) {
      await expect(names(path)).rejects.toThrow(/^--data: expected a file or folder, got a pipe at .*d\/pipe/)
    }
    await expect(fileAt(join(folder, 'd/pipe'), 'predict').bytes()).rejects.toThrow(
      /^predict: expected a file or folder/,
    )
  })

  it('says when there is nothing', async () => {
    await mkdir(join(folder, 'd'))
    await expect(names('d')).rejects.toThrow('got an empty folder')
    await expect(names('none')).rejects.toThrow('got none at')
  })
})

describe('fileAt', () => {
  it('reads a file once', async () => {
    await write('a.txt')
    const file = fileAt(join(folder, 'a.txt'), 'predict')
    const bytes = await file.bytes()
    await rm(join(folder, 'a.txt'))
    expect(new TextDecoder().decode(await file.bytes())).toBe('a.txt')
    expect(await file.bytes()).toBe(bytes)
    await expect(fileAt(folder, 'predict').bytes()).rejects.toThrow(/^predict: .*the folder/)
  })

  it('knows the files of a folder', async () => {
    await write('clip/b/2.png', 'clip/a.png')
    const inside = await fileAt(join(folder, 'clip'), 'predict').files!()
    expect(inside!.map(({ name }) => relative(folder, name))).toEqual(['clip/a.png', 'clip/b/2.png'])
    expect(await fileAt(join(folder, 'clip/a.png'), 'predict').files!()).toBeUndefined()
  })

  it('reads pieces, and says when the file has become shorter', async () => {
    await write('abcdef')
    const { pieces } = fileAt(join(folder, 'abcdef'), '--data')
    expect(await pieces!.size()).toBe(6)
    expect(new TextDecoder().decode(await pieces!.read(2, 5))).toBe('cde')
    await writeFile(join(folder, 'abcdef'), 'abc')
    await expect(pieces!.read(2, 5)).rejects.toThrow(/expected 5 bytes in .*, got 3: the file has become shorter/)
  })
})
