import { useWasm } from '@heddle/kernels'
import { MemoryStore } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import { withRecipes as registry } from '../test-support/recipes.ts'
import { openStartingPoint } from './starting-point.ts'
import { trainRun } from './train-run.ts'

beforeAll(() => useWasm({ threads: 1 }))

it('lays a run out over the steps that fit, and equals a run of so many steps', async () => {
  const before = tf.memory().numTensors
  const [timed, counted] = [new MemoryStore(), new MemoryStore()]
  const recipe = { type: 'tiny-lm' }
  const run = await trainRun({ registry, store: timed, recipe, seed: 3, budget: 150 })
  const { steps } = run.task.config.training
  expect(run.result.steps).toBe(steps)
  expect(run.notes.join('\n')).toContain(`${steps.toLocaleString('en')} steps fit into`)
  run.task.dispose()
  const other = await trainRun({ registry, store: counted, recipe: { ...recipe, training: { steps } }, seed: 3 })
  expect(await timed.read('model.safetensors')).toEqual(await counted.read('model.safetensors'))
  other.task.dispose()
  expect(tf.memory().numTensors).toBe(before)
})

it('refuses a budget beside a number of steps, one that is too short, and a model that counts', async () => {
  const start = (recipe: { type: string }, budget: number) =>
    trainRun({ registry, store: new MemoryStore(), recipe, budget })
  const given = { type: 'tiny-lm', training: { steps: 9 } }
  await expect(start(given, 1000)).rejects.toThrow(/^budget: expected either a budget or training.steps, got both/)
  await expect(start({ type: 'tiny-lm' }, 0.001)).rejects.toThrow(/^budget: expected time for a step and a validation/)
  const counts = { type: 'tiny-lm', model: { type: 'ngram-lm' } }
  await expect(start(counts, 1000)).rejects.toThrow(
    /^budget: expected a model that learns step by step, got 'ngram-lm'/,
  )
})

it('times a run that starts from another one, whose weights it leaves to the run', async () => {
  const store = new MemoryStore()
  const first = await trainRun({ registry, store, recipe: { type: 'tiny-lm' } })
  first.task.dispose()
  const from = await openStartingPoint({ store, registry, name: 'first' })
  const second = await trainRun({ registry, store: new MemoryStore(), recipe: { type: 'tiny-lm' }, budget: 100, from })
  expect(second.result.steps).toBeGreaterThan(0)
  second.task.dispose()
})
