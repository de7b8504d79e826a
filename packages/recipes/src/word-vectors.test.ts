import { RandomStream } from '@heddle/core'
import { memorySource } from '@heddle/data'
import { useWasm } from '@heddle/kernels'
import { recipePoint, takeWordVectors } from '@heddle/tasks'
import { beforeAll, expect, it } from 'vitest'
import { registry } from './test-support/registry.ts'

beforeAll(() => useWasm({ threads: 1 }))

it.each([
  ['bert-tag', [{ words: ['the', 'loom'], tags: ['O', 'B-X'] }]],
  [
    'bert-pairs',
    [
      { text: 'the loom', pair: 'a loom', label: 'yes' },
      { text: 'the', pair: 'loom', label: 'no' },
    ],
  ],
] as const)('pre-trained vectors fill the table of %s', async (type, examples) => {
  const recipe = registry.create(recipePoint, { type }, undefined)
  const encoder = { type: 'bert', numLayers: 1, hiddenSize: 2, numHeads: 1 }
  const config = { ...recipe.defaults, model: { ...(recipe.defaults['model'] as object), encoder } }
  const task = recipe.task.create(config, { registry, rng: new RandomStream(1) })
  await task.prepare(Array.from({ length: 8 }, () => examples).flat())
  const file = memorySource('words.vec', '2 2\nthe 1 2\nloom 3 4\n').files[0]!
  expect(await takeWordVectors(task, { vectors: file })).toMatchObject([{ found: 2 }])
  const { weight, rows } = task.pipeline.wordTable!
  expect((weight.value.arraySync() as number[][])[rows.get('loom')!]).toEqual([3, 4])
  task.dispose()
})
