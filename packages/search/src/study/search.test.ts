import { createRegistry, RandomStream } from '@heddle/core'
import { MemoryStore } from '@heddle/trainer'
import { describe, expect, it } from 'vitest'
import { searchMethodPoint } from '../methods/search-method.ts'
import { searchPlugin } from '../plugin.ts'
import { prunerPoint } from '../pruners/pruner.ts'
import { parseSpace } from '../space/space.ts'
import { search, type TrialRunner } from './search.ts'
import { StudyJournal } from './study-journal.ts'
import type { Report, Trial } from './trial.ts'

const registry = createRegistry(searchPlugin)
const space = parseSpace('test', {
  rate: { type: 'log-uniform', low: 1e-4, high: 1 },
  size: { type: 'integer', low: 8, high: 64 },
  cell: { type: 'choice', values: ['gru', { type: 'lstm', peepholes: true }] },
})
const STEPS = [10, 20, 30, 40]

/** Ends at once, or at a later turn that `rng` decides, so that trials overtake each other. */
function runnerOf(pruning: string, rng = new RandomStream(1), killAfter = Number.POSITIVE_INFINITY): TrialRunner {
  const pruner = registry.create(prunerPoint, { type: pruning }, undefined)
  let steps = 0
  return async ({ parameters, history }, { signal, report }) => {
    const { rate, size } = parameters as { rate: number; size: number }
    if (size > 57) return { state: 'failed', error: 'expected a finite loss, got NaN', reports: [] }
    const reports: Report[] = []
    for (const step of STEPS) {
      for (let turns = rng.integer(6); turns > 0; turns--) await new Promise(setImmediate)
      if (steps++ >= killAfter || signal.aborted) return new Promise(() => {})
      const value = Math.abs(Math.log10(rate) + 2) + size / 1000 + 1 / step
      reports.push({ step, value })
      report(reports.at(-1)!)
      if (step < 40 && pruner.shouldPrune({ reports, history, direction: 'minimize' })) {
        return { state: 'pruned', value, reports }
      }
    }
    return { state: 'complete', value: reports.at(-1)!.value, reports, metrics: { loss: 1 } }
  }
}

interface Study {
  readonly store: MemoryStore
  readonly type: string
  readonly pruning: string
}

async function run({ store, type, pruning }: Study, jobs: number, runner: TrialRunner): Promise<readonly Trial[]> {
  const journal = await StudyJournal.open({ store, name: 'study', space, direction: 'minimize', metric: 'loss' })
  const context = { space, direction: 'minimize', trials: 20, seed: 7 } as const
  return search({
    journal,
    method: registry.create(searchMethodPoint, { type }, context),
    pruner: registry.create(prunerPoint, { type: pruning }, undefined),
    seed: 7,
    trials: 20,
    jobs,
    parallel: 2,
    run: runner,
  })
}

describe.each([
  ['random', 'none'],
  ['grid', 'none'],
  ['random', 'median'],
  ['halving', 'halving'],
  ['tpe', 'none'],
  ['tpe', 'median'],
])('a search by %s with the pruner %s', (type, pruning) => {
  const whole = run({ store: new MemoryStore(), type, pruning }, 2, runnerOf(pruning))

  it('ends with the same trials in whatever order they end, and however many run at once', async () => {
    const trials = await whole
    expect(trials.length).toBeGreaterThanOrEqual(16)
    for (const jobs of [1, 2, 5]) {
      const again = await run(
        { store: new MemoryStore(), type, pruning },
        jobs,
        runnerOf(pruning, new RandomStream(jobs)),
      )
      expect(again).toEqual(trials)
    }
  })

  it('ends with the same trials when it is killed again and again', async () => {
    const rng = new RandomStream(2)
    let store = new MemoryStore()
    for (let kill = 0; kill < 6; kill++) {
      void run({ store, type, pruning }, 2, runnerOf(pruning, rng, rng.integer(25)))
      for (let turn = 0; turn < 120; turn++) await new Promise(setImmediate)
      // Whatever a killed process still had to do changes nothing on the disk; its last line may be torn.
      const bytes = (await store.read('journal.jsonl'))!
      store = new MemoryStore()
      await store.write('journal.jsonl', bytes.subarray(0, bytes.length - rng.integer(30)))
    }
    expect(await run({ store, type, pruning }, 2, runnerOf(pruning))).toEqual(await whole)
  })
})

it('pruners save steps', async () => {
  const steps = async (type: string, pruning: string) => {
    const trials = await run({ store: new MemoryStore(), type, pruning }, 2, runnerOf(pruning))
    return trials.reduce((sum, { reports }) => sum + reports.length, 0)
  }
  const all = await steps('random', 'none')
  expect(await steps('random', 'median')).toBeLessThan(0.9 * all)
  expect(await steps('halving', 'halving')).toBeLessThan(0.8 * all)
})

it('trials that fail are recorded, and the search goes on', async () => {
  const trials = await run({ store: new MemoryStore(), type: 'random', pruning: 'none' }, 2, runnerOf('none'))
  const failed = trials.filter(({ state }) => state === 'failed')
  expect(failed.length).toBeGreaterThan(0)
  expect(failed[0]!.error).toBe('expected a finite loss, got NaN')
  expect(trials).toHaveLength(20)
  expect(trials.every(({ state }) => state !== 'running')).toBe(true)
})

it('an error of the runner ends the search, and aborts the trials that run', async () => {
  const store = new MemoryStore()
  let aborted = 0
  const runner: TrialRunner = async ({ number }, { signal }) => {
    if (number === 3) throw new Error('the disk is full')
    if (number < 2) return { state: 'complete', value: 1, reports: [] }
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    aborted++
    return 'aborted'
  }
  await expect(run({ store, type: 'random', pruning: 'none' }, 2, runner)).rejects.toThrow('the disk is full')
  expect(aborted).toBe(1)
})
