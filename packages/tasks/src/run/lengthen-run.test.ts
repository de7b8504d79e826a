import { useWasm } from '@heddle/kernels'
import { runFiles } from '@heddle/testing/stores'
import { MemoryStore } from '@heddle/trainer'
import { beforeAll, describe, expect, it } from 'vitest'
import { withRecipes as registry } from '../test-support/recipes.ts'
import { lengthenRun } from './lengthen-run.ts'
import { trainRun } from './train-run.ts'

beforeAll(() => useWasm({ threads: 1 }))

/** Trains to the end, or up to a step. */
async function trained(training: object, { type = 'tiny-pairs', stopAt = Number.POSITIVE_INFINITY } = {}) {
  const store = new MemoryStore()
  const controller = new AbortController()
  const onStep = ({ step }: { step: number }) => step === stopAt && controller.abort()
  const recipe = { type, data: { count: 60 }, training: { evaluateEvery: 4, ...training } }
  const run = await trainRun({ registry, store, recipe, signal: controller.signal, events: { onStep } })
  run.task.dispose()
  return store
}

async function resumed(store: MemoryStore, steps: number) {
  await lengthenRun({ store, registry }, steps)
  const run = await trainRun({ registry, store, resume: true })
  run.task.dispose()
  return runFiles(store)
}

const plateau = { type: 'warmup', steps: 2, schedule: { type: 'on-plateau', patience: 0, factor: 0.5 } }

describe('a run with more steps', () => {
  it.each(['constant', { type: 'inverse-square-root', timescale: 4 }, plateau])(
    'is the one that had them from the start: %j',
    async (schedule) => {
      const longer = await resumed(await trained({ steps: 4, schedule }), 8)
      expect(longer).toEqual(await runFiles(await trained({ steps: 8, schedule })))
    },
  )

  it('may be stopped before a decay, whose steps it then has at its new end', async () => {
    const schedule = { type: 'warmup-stable-decay', warmup: 2, decay: 2 }
    const store = await trained({ steps: 8, schedule }, { stopAt: 6 })
    expect(await resumed(store, 12)).toEqual(await runFiles(await trained({ steps: 12, schedule })))
  })

  it('is refused where the steps that were made depend on their number, and nothing changes', async () => {
    const wsd = { type: 'warmup-stable-decay', decay: 2 }
    for (const [training, problem] of [
      [
        {},
        /with 8 steps as with 4, got the schedule half a cosine to the last step, whose rate at step \d is .* and would be/,
      ],
      [{ schedule: wsd }, /got the schedule 'warmup-stable-decay', whose rate at step 4 is /],
      [{ schedule: 'constant', scheduledSampling: 0.5 }, /got training\.scheduledSampling, which goes from the first/],
      [{ schedule: 'constant', batchRamp: { from: 2 } }, /got training\.batchRamp, which goes/],
      [{ schedule: 'constant', averaging: 'swa' }, /got training\.averaging\.start, which goes/],
    ] as const) {
      const store = await trained({ steps: 4, ...training })
      const before = await runFiles(store)
      await expect(lengthenRun({ store, registry, name: 'runs/a' }, 8)).rejects.toThrow(problem)
      await expect(lengthenRun({ store, registry, name: 'runs/a' }, 8)).rejects.toThrow('--from runs/a')
      expect(await runFiles(store)).toEqual(before)
    }
  })

  it('has at least the steps that were made', async () => {
    const store = await trained({ steps: 4, schedule: 'constant' })
    await expect(lengthenRun({ store, registry }, 3)).rejects.toThrow(
      'run: expected at least 4 steps, as the run has made',
    )
    await lengthenRun({ store, registry }, 4)
  })
})
