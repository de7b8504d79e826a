import { existsSync, rmSync, symlinkSync } from 'node:fs'
import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { useCpu } from '@heddle/testing'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { MemoryStore, type RunStore, readRunLog } from '../index.ts'
import { FolderStore } from '../node.ts'
import { streamRun } from '../test-support/stream-run.ts'

beforeAll(useCpu)

describe('a folder', () => {
  let folder: string

  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'heddle-faults-')), 'run')
  })
  afterEach(() => rm(join(folder, '..'), { recursive: true }))

  it('that is deleted during training ends it at the next write', async () => {
    let saved = 0
    const { trainer } = streamRun(new FolderStore(folder), 100, {
      onCheckpoint: ({ step }) => {
        saved = step
      },
      onStep: ({ step }) => void (step === 7 && rmSync(folder, { recursive: true })),
    })
    await expect(trainer.train()).rejects.toMatchObject({
      code: 'file',
      message: expect.stringContaining('the folder was deleted, moved or emptied'),
    })
    expect(saved).toBe(6)
    expect(existsSync(folder)).toBe(false)
  })

  // Writing to /dev/full fails as on a full disk.
  it.runIf(process.platform === 'linux')(
    'on a full disk keeps the checkpoint before, and goes on from it',
    async () => {
      const tensors = async (store: RunStore) => {
        const paths = (await store.list('trainer')).filter((path) => path.endsWith('.safetensors'))
        return Promise.all(paths.map(async (path) => [path, await store.read(path)]))
      }
      const whole = new MemoryStore()
      await streamRun(whole, 8).trainer.train()
      for (const file of ['optimizer-6.safetensors', 'state.json']) {
        const store = new FolderStore(folder)
        const { trainer } = streamRun(store, 8, {
          onStep: ({ step }) => void (step === 5 && symlinkSync('/dev/full', join(folder, `trainer/${file}.tmp`))),
        })
        await expect(trainer.train()).rejects.toMatchObject({
          code: 'file',
          message: expect.stringMatching(new RegExp(`could not write '.*${file}' \\(ENOSPC.*free space`)),
        })
        expect((await readdir(join(folder, 'trainer'))).filter((name) => /-6\.|tmp/.test(name))).toEqual([])
        await streamRun(store, 8).trainer.train()
        expect(await tensors(store)).toEqual(await tensors(whole))
        await rm(folder, { recursive: true })
      }
    },
  )

  it('is used by one trainer at a time', async () => {
    const outcomes = await Promise.allSettled([1, 2].map(() => streamRun(new FolderStore(folder), 8).trainer.train()))
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const { reason } = outcomes.find(({ status }) => status === 'rejected') as PromiseRejectedResult
    expect(reason).toMatchObject({ code: 'file', message: expect.stringContaining(`process ${process.pid}`) })
    const { steps, damagedLines } = await readRunLog(new FolderStore(folder))
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 8 }, (_, i) => i + 1))
    expect(damagedLines).toEqual([])
    expect(existsSync(join(folder, 'run.lock'))).toBe(false)
  })

  it('with a torn last line is continued', async () => {
    const store = new FolderStore(folder)
    await streamRun(store, 4).trainer.train()
    await appendFile(join(folder, 'log.jsonl'), '{"event":"step","st')
    await streamRun(store, 8).trainer.train()
    const { steps, damagedLines } = await readRunLog(store)
    expect(steps.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(damagedLines).toEqual([])
  })
})
