import { parseConfig } from '@heddle/core'
import { memorySource } from '@heddle/data'
import { recipeNamed } from '@heddle/tasks'
import { pluginContract } from '@heddle/testing'
import { recipeContract } from '@heddle/testing/recipe'
import { expect, it } from 'vitest'
import { plugin, registry } from './main.ts'

pluginContract(plugin)

recipeContract('acme/brackets', {
  registry,
  tiny: { data: { count: 300 }, model: { embeddingSize: 4, hiddenSize: 4 }, training: { steps: 3, evaluateEvery: 3 } },
})

it('reads files with its own reader, and counts the lines that it leaves out', async () => {
  const { data } = recipeNamed(registry, 'acme/brackets')
  const text = 'balanced ([])\n\nbroken ([)]\nmaybe ((\nbroken word\n'
  expect(await data.read(memorySource('brackets.txt', text), parseConfig('data', data.config, {}))).toEqual({
    examples: [
      { label: 'balanced', text: '([])' },
      { label: 'broken', text: '([)]' },
    ],
    notes: ['2 lines were left out'],
  })
})
