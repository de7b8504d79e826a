import { RandomStream } from '@heddle/core'
import { expect, it } from 'vitest'
import { accuracyByLength } from './accuracy-by-length.ts'

const byLength = accuracyByLength<string, never, { longest: number }>({
  unit: 'letters',
  lengthOf: ({ length }) => length,
  areRight: async (_, texts) => texts.map((text) => text.includes('a')),
  longer: ({ longest }) => ['a'.repeat(longest + 1), 'b'.repeat(longest + 1)],
})
const context = {
  train: ['a', 'bbb'],
  validation: [],
  test: [],
  heldOut: ['ba', 'bb', 'ab', 'c'],
  pipeline: undefined as never,
  data: { longest: 4 },
  rng: new RandomStream(1),
}

it('counts right outputs at each length, of longer built-in examples too', async () => {
  expect(await byLength({ ...context, isBuiltIn: true })).toEqual([
    {
      kind: 'accuracy-by-length',
      title: 'Accuracy by number of letters',
      unit: 'letters',
      longestInTraining: 3,
      lengths: [
        { length: 1, accuracy: 0, count: 1 },
        { length: 2, accuracy: 2 / 3, count: 3 },
        { length: 5, accuracy: 0.5, count: 2 },
      ],
    },
  ])
})

it('shows given data alone, where there are any', async () => {
  const [exhibit] = await byLength({ ...context, isBuiltIn: false })
  expect(exhibit).toMatchObject({ lengths: [{ length: 1 }, { length: 2 }] })
})
