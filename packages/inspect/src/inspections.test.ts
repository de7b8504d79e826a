import type { Task } from '@heddle/tasks'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import { inspectionPoint } from './index.ts'
import { classifier, languageModel, registry, transformer } from './test-support/tiny-tasks.ts'

beforeAll(useCpu)

const examples = Array.from({ length: 8 }, (_, i) => ({ text: `Anna told ${i}`, label: 'ab'[i % 2]! }))

it.each<[string, () => Promise<unknown>, object]>([
  ['units', () => languageModel({}), { text: 'The old man' }],
  ['gradient-flow', () => languageModel({}), {}],
  ['attention', () => transformer(), { text: 'The old man', flow: true }],
  ['logit-lens', () => transformer(), { text: 'The old man' }],
  ['projection', () => classifier(), {}],
  ['changes', () => transformer(), { before: 'other' }],
])('%s ends with the reason of a signal, and leaves no tensor behind', async (type, create, config) => {
  const task = (await create()) as Task
  const look = registry.create(
    inspectionPoint,
    { type, ...config },
    { task, openRun: async () => (await create()) as Task, examples: async () => examples },
  )
  await look()
  const before = tf.memory().numTensors
  expect((await look()).kind).toMatch(/./)
  expect(tf.memory().numTensors).toBe(before)
  const reason = new Error('enough')
  await expect(look({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  const controller = new AbortController()
  const looking = look({ signal: controller.signal })
  queueMicrotask(() => controller.abort(reason))
  await expect(looking).rejects.toBe(reason)
  expect(tf.memory().numTensors).toBe(before)
  task.dispose()
})
