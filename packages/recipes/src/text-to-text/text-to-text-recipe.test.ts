import { memorySource } from '@heddle/data'
import { useCpu } from '@heddle/testing'
import { MemoryStore } from '@heddle/trainer'
import { beforeAll, describe, expect, it } from 'vitest'
import { recipePoint } from '../recipe.ts'
import { closeRun, openRun } from '../run.ts'
import { registry, tinyTranslate } from '../test-support/tiny.ts'
import { trainRun } from '../train-run.ts'
import { usePoint } from '../use.ts'

const RECIPES = ['translate', 'chatbot', 'summarize', 'text-to-code']

beforeAll(useCpu)

describe('text-to-text recipes', () => {
  it.each(RECIPES)(
    '%s runs without attention: the encoder hands over its last state and nothing else',
    async (type) => {
      const store = new MemoryStore()
      const recipe = { ...tinyTranslate, type, attention: 'none', dropout: 0.1 }
      const { run, exhibits } = await trainRun({ registry, store, recipe })
      expect(run.config.recipe['attention']).toBeNull()
      expect(exhibits.map(({ kind }) => kind)).toEqual(['samples'])
      closeRun(run)
      const opened = await openRun({ store, registry })
      const { bridge } = opened.model as unknown as { bridge: { kind: string } }
      expect(bridge.kind).toBe('copy')
      const translate = registry.create(usePoint, { type: 'translate', attention: true }, { run: opened, name: 'run' })
      const { translations } = await translate(['He was sick.', 'Was she a doctor?'])
      expect(translations!.map(({ attention }) => attention)).toEqual([undefined, undefined])
      closeRun(opened)
    },
  )

  it('learns what a text is about through the state alone', async () => {
    const words = ['red', 'green', 'blue', 'black']
    const lines = Array.from({ length: 64 }, (_, i) => `${'so '.repeat(i % 7)}${words[i % 4]} ${i}\t${words[i % 4]}`)
    const settings = { hiddenSize: 16, embeddingSize: 8, batchSize: 16, units: 'words', minFrequency: 2 }
    const schedule = { steps: 60, evaluateEvery: 60, learningRate: 0.03, warmupSteps: 1 }
    const recipe = { type: 'translate', attention: 'none', validation: 0.1, test: 0.2, ...settings, ...schedule }
    const source = memorySource('colors.tsv', lines.join('\n'))
    const { run, evaluation } = await trainRun({ registry, store: new MemoryStore(), recipe, source })
    expect(evaluation!.metrics['exactMatch']).toBe(1)
    closeRun(run)
  })

  it.each(['words', 'subwords', 'characters'])('cuts texts into %s of the number and frequency asked for', (units) => {
    const recipe = registry.create(recipePoint, { type: 'translate', units, vocabSize: 500, pairs: 500 }, undefined)
    const files = recipe.fit(recipe.builtIn(1))
    const sizeOf = (file: string) =>
      Object.keys((files[file] as { model: { vocab: Record<string, number> } }).model.vocab).length
    const sizes = [sizeOf('tokenizer.json'), sizeOf('tokenizer.target.json')]
    for (const size of sizes) expect(size).toBeLessThanOrEqual(500)
    if (units === 'words') {
      const rare = registry.create(recipePoint, { type: 'translate', minFrequency: 20, pairs: 500 }, undefined)
      const known = (rare.fit(rare.builtIn(1))['tokenizer.json'] as { model: { vocab: object } }).model.vocab
      expect(known).toHaveProperty('the')
      expect(Object.keys(known).length).toBeLessThan(sizes[0]! / 2)
    }
  })

  it('opens runs that were saved before some of the settings were', async () => {
    const store = new MemoryStore()
    const { run, evaluation, dataset } = await trainRun({ registry, store, recipe: tinyTranslate })
    closeRun(run)
    const config = JSON.parse(new TextDecoder().decode(await store.read('config.json')))
    for (const name of ['units', 'beamWidth', 'scheduledSampling', 'monitor']) {
      expect(config.recipe).toHaveProperty(name)
      delete config.recipe[name]
    }
    await store.write('config.json', new TextEncoder().encode(JSON.stringify(config)))
    const opened = await openRun({ store, registry })
    expect(await opened.pipeline.evaluate(dataset.test)).toEqual(evaluation!.metrics)
    closeRun(opened)
  })
})
