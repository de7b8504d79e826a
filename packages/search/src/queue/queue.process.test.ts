import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createRegistry } from '@heddle/core'
import { MemoryStore } from '@heddle/trainer'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { searchMethodPoint } from '../methods/search-method.ts'
import { searchPlugin } from '../plugin.ts'
import { prunerPoint } from '../pruners/pruner.ts'
import { parseSpace } from '../space/space.ts'
import { search } from '../study/search.ts'
import { StudyJournal } from '../study/study-journal.ts'
import type { Trial } from '../study/trial.ts'
import { REDIS, RedisServer } from '../test-support/redis.ts'
import type { TrialJob } from '../trial/run-trial.ts'
import { runWorker } from './run-worker.ts'
import { TrialQueue } from './trial-queue.ts'

const WORKER = fileURLToPath(new URL('../test-support/worker-process.ts', import.meta.url))
const TRIALS = 14

if (REDIS === undefined)
  console.warn('queue: SKIPPED, no Redis found. Install redis-server, or name it in HEDDLE_REDIS, to test the queue.')

const folder = mkdtempSync(join(tmpdir(), 'heddle-queue-'))
const notes = join(folder, 'notes')
const workers: ChildProcess[] = []
let server: RedisServer | undefined

async function startWorkers(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    workers.push(
      spawn(process.execPath, ['--conditions=source', WORKER, server!.address, notes], {
        stdio: ['ignore', 'ignore', 'inherit'],
      }),
    )
  }
}

const noted = (what: 'start' | 'end'): { pid: number; number: number }[] =>
  (existsSync(notes) ? readFileSync(notes, 'utf8') : '').split('\n').flatMap((line) => {
    const [pid, kind, number] = line.split(' ')
    return kind === what ? [{ pid: Number(pid), number: Number(number) }] : []
  })

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await wait(10)
}

const registry = createRegistry(searchPlugin)
const space = parseSpace('test', { x: { type: 'uniform', low: 0, high: 1 } })

/** A search whose trials the queue hands out. */
async function searchThrough(queue: TrialQueue, store = new MemoryStore()): Promise<readonly Trial[]> {
  const study = { space, direction: 'minimize', trials: TRIALS, seed: 1 } as const
  const job = {
    recipe: { type: 'none' },
    seed: 1,
    data: null,
    direction: 'minimize',
    pruner: { type: 'none' },
  } as const
  return search({
    ...study,
    journal: await StudyJournal.open({ store, name: 'test', metric: 'loss', ...study }),
    method: registry.create(searchMethodPoint, { type: 'random' }, study),
    pruner: registry.create(prunerPoint, { type: 'none' }, undefined),
    jobs: 5,
    run: ({ number, history }, control) => {
      const order: { job: TrialJob; folder: string } = { job: { ...job, number, history }, folder: `${number}` }
      return queue.run(order, control)
    },
  })
}

/** The table that every search must end with. */
const expected = Array.from({ length: TRIALS }, (_, number) => {
  const reports = [1, 2, 3, 4].map((step) => ({ step, value: number + 1 / step }))
  return number === 5
    ? { number, state: 'failed', error: expect.stringContaining('the loss is not finite'), reports }
    : { number, state: 'complete', value: number + 1 / 4, reports }
})

describe.skipIf(REDIS === undefined)('a search through a queue', () => {
  afterEach(async () => {
    for (const worker of workers.splice(0)) worker.kill('SIGKILL')
    await server?.kill()
    server = undefined
    for (const path of ['notes', 'appendonlydir']) rmSync(join(folder, path), { recursive: true, force: true })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('loses no trial of a worker that is killed, and counts none twice', async () => {
    server = await RedisServer.start(folder)
    await startWorkers(3)
    const queue = await TrialQueue.open({ address: server.address, study: 'a', pollMs: 20 })
    const running = searchThrough(queue)
    // A worker in the middle of a trial.
    await until(() => noted('start').some(({ pid }) => pid === workers[1]!.pid))
    workers[1]!.kill('SIGKILL')
    const trials = await running
    expect(trials).toMatchObject(expected)
    expect(trials).toHaveLength(TRIALS)
    const lost = noted('start')
      .filter(({ pid }) => pid === workers[1]!.pid)
      .at(-1)!.number
    expect(noted('start').filter(({ number }) => number === lost).length).toBe(2)
    // All three took part, and each trial ended once.
    expect(new Set(noted('start').map(({ pid }) => pid)).size).toBe(3)
    expect(
      noted('end')
        .map(({ number }) => number)
        .sort((a, b) => a - b),
    ).toEqual(expected.map(({ number }) => number))
    await queue.close()
  })

  it('goes on when the server is killed and started again with its append-only file', async () => {
    server = await RedisServer.start(folder)
    await startWorkers(2)
    const queue = await TrialQueue.open({ address: server.address, study: 'b', pollMs: 20 })
    const running = searchThrough(queue)
    for (const wanted of [2, 7]) {
      await until(() => noted('end').length >= wanted)
      await server.kill()
      await wait(300)
      await server.start()
    }
    const trials = await running
    expect(trials).toMatchObject(expected)
    expect(trials).toHaveLength(TRIALS)
    await queue.close()
  })

  it('hands out again what a server without a memory has lost, and takes results that came while the search was away', async () => {
    server = await RedisServer.start(folder)
    const stop = new AbortController()
    const first = await TrialQueue.open({ address: server.address, study: 'c', pollMs: 20 })
    const job = {
      number: 0,
      recipe: { type: 'none' },
      seed: 1,
      data: null,
      direction: 'minimize',
      pruner: { type: 'none' },
      history: [],
    } as const
    const order = { job, folder: '0' }
    const waiting = first.run(order, { signal: stop.signal, report: () => {} })
    await wait(100)
    await server.kill()
    rmSync(join(folder, 'appendonlydir'), { recursive: true })
    await server.start()
    const taken = new AbortController()
    let begun = false
    const worker = runWorker({
      address: server.address,
      signal: taken.signal,
      run: async () => {
        begun = true
        await wait(200)
        return { state: 'complete', value: 7, reports: [{ step: 1, value: 7 }] }
      },
    })
    await until(() => begun)
    // The search is stopped while a worker has its trial.
    stop.abort()
    expect(await waiting).toBe('aborted')
    await first.close()
    await wait(400)
    const second = await TrialQueue.open({ address: server.address, study: 'c', pollMs: 20 })
    const outcome = await second.run(order, { signal: new AbortController().signal, report: () => {} })
    expect(outcome).toMatchObject({ state: 'complete', value: 7 })
    taken.abort()
    await worker
    await second.close()
  })

  it('gives a trial back that cannot run on a machine, and stops the worker with the reason', async () => {
    server = await RedisServer.start(folder)
    const queue = await TrialQueue.open({ address: server.address, study: 'd', pollMs: 20 })
    const running = searchThrough(queue)
    const bad = runWorker({
      address: server.address,
      signal: new AbortController().signal,
      run: async () => {
        throw new Error('the data are missing here')
      },
    })
    await expect(bad).rejects.toThrow('the data are missing here')
    await startWorkers(2)
    expect(await running).toMatchObject(expected)
    await queue.close()
  })

  it('says when there is no server', async () => {
    const gone = await RedisServer.start(folder)
    await gone.kill()
    await expect(TrialQueue.open({ address: gone.address, study: 'e' })).rejects.toThrow(/expected a Redis server at/)
    await expect(TrialQueue.open({ address: 'localhost', study: 'e' })).rejects.toThrow(/expected an address such as/)
  })
})
