import { useCpu } from '@heddle/testing'
import { beforeAll, expect, it } from 'vitest'
import { inspectUnits } from './inspect-units.ts'
import { languageModel } from './test-support/tiny-tasks.ts'

beforeAll(useCpu)

it('returns the units of a text with their activations, as plain data', async () => {
  const exhibit = await inspectUnits(await languageModel({ numLayers: 2 }), 'The old man sat.', {
    count: 3,
    state: 'cell',
  })
  expect(exhibit).toMatchObject({ kind: 'selective-units', state: 'cell', numUnits: 24, numLayers: 2 })
  expect(exhibit.units).toHaveLength(3)
  for (const { activations } of exhibit.units) expect(activations).toHaveLength(exhibit.tokens.length)
  expect(JSON.parse(JSON.stringify(exhibit))).toEqual(exhibit)
})
