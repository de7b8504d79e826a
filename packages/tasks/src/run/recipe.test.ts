import { jsonSchemaOf, parseConfig, RandomStream } from '@heddle/core'
import { useWasm } from '@heddle/kernels'
import { beforeAll, describe, expect, it } from 'vitest'
import { withRecipes as registry } from '../test-support/recipes.ts'
import { train } from '../test-support/trained.ts'
import { textClassification } from '../text-classification/text-classification.ts'
import { recipe, recipePoint } from './recipe.ts'
import { recipeNamed, recipeSchema } from './recipe-schema.ts'
import { suitedToModel } from './suited-settings.ts'

const pairs = recipeNamed(registry, 'tiny-pairs')

describe('the config of a recipe', () => {
  it('has the settings of the data beside those of the task, each with the defaults of the recipe', () => {
    expect(parseConfig('x', pairs.config, { data: { count: 7 }, training: { steps: 3 } })).toMatchObject({
      data: { count: 7, validation: 8, test: 10, shout: false },
      model: { type: 'recurrent-seq2seq', hiddenSize: 8 },
      training: { steps: 3, batchSize: 8 },
    })
    expect(() => parseConfig('x', pairs.config, { data: { cuont: 7 }, trainig: {} })).toThrow(
      /unknown key .*(trainig.*data\.cuont|data\.cuont.*trainig)/,
    )
    for (const wrong of [null, 3, []]) expect(() => parseConfig('x', pairs.config, wrong)).toThrow(/^x: /)
  })

  it('is shown with these defaults', () => {
    const { properties } = jsonSchemaOf(pairs.config)
    expect(properties!['data']!.properties!['count']).toMatchObject({ default: 120 })
    expect(properties!['data']!.properties!['shout']).toMatchObject({ default: false })
    expect(properties!['training']!.properties!['steps']).toMatchObject({ default: 6 })
  })
})

describe('recipeSchema', () => {
  const fields = (model?: string) =>
    recipeSchema(registry, pairs, { model }).properties!['model']!.anyOf!.find(({ type }) => type === 'object')!
      .properties!

  it('has the settings of the model with the defaults of the recipe, and without the sizes that the data decide', () => {
    expect(fields()['hiddenSize']).toMatchObject({ default: 8 })
    expect(fields()).not.toHaveProperty('source')
    expect(fields()['type']!.enum).toContain('recurrent-lm')
  })

  it('has those of another model with its own defaults', () => {
    expect(fields('recurrent-lm')['hiddenSize']!.default).not.toBe(8)
    expect(fields('recurrent-lm')).not.toHaveProperty('vocabSize')
    expect(() => recipeSchema(registry, pairs, { model: 'acme/x' })).toThrow('no model is named "acme/x"')
  })
})

describe("a model of another type than the recipe's own", () => {
  beforeAll(() => useWasm({ threads: 1 }))

  it('brings the settings that suit it, between those of the recipe and those of the user', async () => {
    const { properties } = recipeSchema(registry, pairs, { model: 'transformer-seq2seq' })
    expect(properties!['training']!.properties!['learningRate']).toMatchObject({ default: 4e-3 })
    expect(properties!['training']!.properties!['steps']).toMatchObject({ default: 6 })
    const fields = { hiddenSize: 4, numHeads: 2, numLayers: 1 }
    const model = { type: 'transformer-seq2seq', ...fields }
    const run = async (settings: object) => {
      const { run } = await train({ type: 'tiny-pairs', ...settings })
      run.task.dispose()
      return run
    }
    const { task, notes } = await run({ model, training: { warmupSteps: 3 } })
    expect(task.config.training).toMatchObject({ learningRate: 4e-3, warmupSteps: 3, steps: 6 })
    expect(notes.join()).toMatch(
      /^settings for transformer-seq2seq: training\.learningRate 0\.004, training\.warmupSteps 100, training\.optimizer\.type adamw, /,
    )
    const own = await run({ model: { hiddenSize: 4 } })
    expect(own.task.config.training.learningRate).toBe(3e-3)
    expect(own.notes).toEqual([])
  })

  it('keeps settings that the recipe does not have out of it', () => {
    // windowLength belongs to language modeling.
    expect(suitedToModel(registry, pairs, 'transformer-lm')!.settings).toEqual({
      training: { learningRate: 1e-3, warmupSteps: 200 },
    })
    expect(suitedToModel(registry, pairs, { hiddenSize: 3 })).toBeUndefined()
    expect(suitedToModel(registry, pairs, undefined)).toBeUndefined()
    expect(() => suitedToModel(registry, pairs, 'acme/x')).toThrow('no model is named "acme/x"')
  })
})

describe('the parts of the data', () => {
  const rows = Array.from({ length: 20 }, (_, i) => ({ text: `${i}`, label: `${i % 2}` }))
  const own = recipe({
    name: 'own',
    summary: 'a recipe with a split of its own',
    task: textClassification,
    data: {
      count: 20,
      format: 'none',
      builtIn: () => rows,
      read: async () => ({ examples: rows }),
      split: (all) => ({ train: all.slice(5), validation: [], test: all.slice(0, 5) }),
    },
    defaults: {},
  }).definition.create({}, undefined)
  const task = textClassification.create({}, { registry, rng: new RandomStream(1) })
  const data = parseConfig('data', own.data.config, {})

  it('are those of the recipe, where it says how', () => {
    expect(own.data.split(task, rows, data, 1).test).toEqual(rows.slice(0, 5))
  })

  it('have as many training examples as asked for, drawn from all of them, and the same held-out ones', () => {
    const few = own.data.split(task, rows, { ...data, train: 6 }, 1)
    expect(few.train).toHaveLength(6)
    expect(few.test).toEqual(rows.slice(0, 5))
    expect(few.train).toEqual(rows.slice(5).filter((row) => few.train.includes(row)))
    expect(own.data.split(task, rows, { ...data, train: 6 }, 1)).toEqual(few)
    expect(own.data.split(task, rows, { ...data, train: 6 }, 2)).not.toEqual(few)
    expect(own.data.split(task, rows, { ...data, train: 99 }, 1).train).toHaveLength(15)
  })

  it('are those of the files first of all', () => {
    const official = rows.map((row, i) => ({ ...row, split: i < 15 ? ('train' as const) : ('test' as const) }))
    const { train, validation, test } = own.data.split(task, official, data, 1)
    expect(test).toEqual(official.slice(15))
    expect(train.length + validation.length).toBe(15)
    expect(validation.length).toBeGreaterThan(0)
  })
})

it('recipes are found by name', () => {
  expect(registry.list(recipePoint).map(({ name }) => name)).toEqual(['tiny-lm', 'tiny-pairs'])
  expect(() => recipeNamed(registry, 'tiny')).toThrow('no recipe is named "tiny"')
})
