import { useCpu } from '@heddle/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import type { AnyRecipe } from './recipe.ts'
import { recipePoint } from './recipe.ts'
import { registry } from './test-support/tiny.ts'

/** Built-in data of a size at which the simple methods are quick. */
const SMALL: Readonly<Record<string, object>> = {
  'ngram-lm': { characters: 20_000 },
  'char-lm': { characters: 20_000 },
  sentiment: { reviews: 400 },
  names: { names: 400 },
  tagger: { sentences: 300 },
  translate: { pairs: 800 },
  chatbot: { pairs: 800 },
  summarize: { pairs: 800 },
  'text-to-code': { pairs: 800 },
  caption: { pictures: 300 },
  digits: { clips: 100 },
  frames: { clips: 100 },
  rows: { images: 300 },
  forecast: { length: 1500 },
}

beforeAll(useCpu)

describe('every recipe', () => {
  it('of the package is covered here', () => {
    expect(registry.list(recipePoint).map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(SMALL)))
    expect(registry.list(recipePoint)).toHaveLength(Object.keys(SMALL).length)
  })

  it.each(Object.entries(SMALL))(
    '%s states the metric that it is judged by, what it expects to reach, and a baseline below that',
    async (type, settings) => {
      const recipe: AnyRecipe = registry.create(recipePoint, { type, ...settings }, undefined)
      const [judged] = recipe.metrics
      expect(judged!.expected, 'expected').toBeTypeOf('number')
      expect(recipe.dataFormat).not.toBe('')
      const dataset = recipe.split(recipe.builtIn(1), 1)
      const baseline = await recipe.baseline!(dataset)
      const reached = baseline[judged!.name]!
      expect(Object.values(baseline).every(Number.isFinite), JSON.stringify(baseline)).toBe(true)
      if (judged!.better === 'higher') expect(reached).toBeLessThan(judged!.expected!)
      else expect(reached).toBeGreaterThan(judged!.expected!)
    },
  )
})
