import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FolderStore } from '../node.ts'

let base: string
let count = 0
const newFolder = () => join(base, `run-${count++}`)

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'heddle-lock-'))
})
afterAll(() => rm(base, { recursive: true }))

describe('the lock of a run', () => {
  it('keeps out other stores, not the one that has it', async () => {
    const folder = newFolder()
    const store = new FolderStore(folder)
    const [first, second] = [await store.lock(), await store.lock()]
    const other = new FolderStore(folder)
    await expect(other.lock()).rejects.toMatchObject({
      code: 'file',
      message: expect.stringMatching(
        new RegExp(
          `FolderStore: expected '.*' to be free, got a run that process ${process.pid} on ${hostname()} \\(started 20.*Z\\) is writing`,
        ),
      ),
    })
    await first()
    await first()
    await expect(other.lock()).rejects.toThrow('is writing')
    await store.write('a', Uint8Array.of(1))
    await second()
    await (await other.lock())()
    expect(existsSync(join(folder, 'run.lock'))).toBe(false)
    expect(existsSync(join(folder, 'a'))).toBe(true)
  })

  it('leaves no folder when nothing was written', async () => {
    const folder = newFolder()
    await (await new FolderStore(folder).lock())()
    expect(existsSync(folder)).toBe(false)
  })

  it('names another process, and is taken over once that was killed', async () => {
    const folder = newFolder()
    const script = fileURLToPath(new URL('../test-support/lock-process.ts', import.meta.url))
    const child = spawn(process.execPath, ['--conditions=source', script, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    const store = new FolderStore(folder)
    await expect(store.lock()).rejects.toThrow(`process ${child.pid} on ${hostname()}`)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(existsSync(join(folder, 'run.lock'))).toBe(true)
    await (await store.lock())()
  })

  const identity = (more: object) =>
    JSON.stringify({ pid: process.pid, host: hostname(), started: '2020', ticks: null, token: 'x', ...more })
  const locked = async (text: string) => {
    const folder = newFolder()
    await new FolderStore(folder).write('a', Uint8Array.of(1))
    await writeFile(join(folder, 'run.lock'), text)
    return folder
  }

  it('of another host is not taken over', async () => {
    const folder = await locked(identity({ host: 'elsewhere' }))
    await expect(new FolderStore(folder).lock()).rejects.toThrow(
      `process ${process.pid} on elsewhere (started 2020) is writing`,
    )
  })

  it.runIf(process.platform === 'linux')('is told from that of an earlier process with the same number', async () => {
    await (await new FolderStore(await locked(identity({ ticks: '1' }))).lock())()
  })

  it('that was written only in part is taken over when it is old', async () => {
    const folder = await locked('{"pid":')
    const old = new Date(Date.now() - 60_000)
    await utimes(join(folder, 'run.lock'), old, old)
    await (await new FolderStore(folder).lock())()
  })

  it('is taken over by only one of many', async () => {
    const folder = await locked(identity({ pid: 2 ** 30 }))
    const outcomes = await Promise.allSettled(Array.from({ length: 12 }, () => new FolderStore(folder).lock()))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const { pid } = JSON.parse(await readFile(join(folder, 'run.lock'), 'utf8'))
    expect(pid).toBe(process.pid)
    expect(existsSync(join(folder, 'run.lock.takeover'))).toBe(false)
  })
})

describe('a folder that is gone', () => {
  it.each([
    ['with a lock', true],
    ['without a lock', false],
  ])('is not made again, %s', async (_, lock) => {
    const folder = newFolder()
    const store = new FolderStore(folder)
    const release = lock ? await store.lock() : undefined
    await store.write('trainer/a', Uint8Array.of(1))
    await rm(folder, { recursive: true })
    const changes = [
      () => store.write('trainer/b', Uint8Array.of(2)),
      () => store.append('log', 'x'),
      () => store.remove('c'),
    ]
    for (const change of changes) {
      await expect(change()).rejects.toMatchObject({ code: 'file', message: expect.stringContaining('was deleted') })
    }
    await release?.()
    expect(existsSync(folder)).toBe(false)
  })

  it('or was taken by another run is not written to', async () => {
    const folder = newFolder()
    const store = new FolderStore(folder)
    const release = await store.lock()
    await store.write('a', Uint8Array.of(1))
    await rm(folder, { recursive: true })
    const other = new FolderStore(folder)
    await other.lock()
    await expect(store.write('b', Uint8Array.of(1))).rejects.toThrow('is writing')
    await release()
    expect(existsSync(join(folder, 'run.lock'))).toBe(true)
  })
})
