import { type DataSource, memorySource } from '@heddle/data'
import { useWasm } from '@heddle/kernels'
import { MemoryStore } from '@heddle/trainer'
import { beforeAll, describe, expect, it } from 'vitest'
import { recipePoint } from '../recipe.ts'
import { closeRun, openRun } from '../run.ts'
import { registry } from '../test-support/tiny.ts'
import type { TextToTextRecipe } from '../text-to-text/text-to-text-recipe.ts'
import { trainRun } from '../train-run.ts'
import { usePoint } from '../use.ts'

beforeAll(() => useWasm({ threads: 1 }))

describe('translate', () => {
  const recipe = registry.create(recipePoint, { type: 'translate' }, undefined)

  it('reads pairs with further columns, and files that name their columns', async () => {
    const pairs = [
      { source: 'Go.', target: '가.' },
      { source: 'Hi.', target: '안녕.' },
    ]
    const read = async (name: string, text: string) => (await recipe.read(memorySource(name, text))).examples
    expect(await read('kor.txt', 'Go.\t가.\tCC-BY\nHi.\t안녕.\tCC-BY\n')).toEqual(pairs)
    expect(await read('pairs.csv', 'target,source\n가.,Go.\n안녕.,Hi.\n')).toEqual(pairs)
    expect(await read('pairs.jsonl', '{"source":"Go.","target":"가."}\n{"source":"Hi.","target":"안녕."}\n')).toEqual(
      pairs,
    )
  })

  it('keeps the translations of a sentence in one part', () => {
    const examples = Array.from({ length: 300 }, (_, i) => ({ source: `s${i % 100}`, target: `t${i}` }))
    const { train, validation, test } = recipe.split(examples, 1)
    const sources = [train, validation, test].map((part) => new Set(part.map(({ source }) => source)))
    expect(sources.reduce((sum, { size }) => sum + size, 0)).toBe(100)
    expect(sources.every(({ size }) => size > 0)).toBe(true)
  })

  it('takes settings for small data where the user sets nothing else, and writes them into the run', async () => {
    const lines = Array.from({ length: 200 }, (_, i) => `one two ${i}\teins zwei ${i}`).join('\n')
    const settings = { hiddenSize: 4, embeddingSize: 4, steps: 1, evaluateEvery: 1, batchSize: 4, maxLength: 3 }
    const trained = async (given: object, source?: DataSource) => {
      const recipe = { type: 'translate', pairs: 100, ...settings, ...given }
      const { run, notes } = await trainRun({ registry, store: new MemoryStore(), recipe, source })
      closeRun(run)
      return { ...run.config.recipe, notes }
    }
    const source = memorySource('numbers.tsv', lines)
    expect(await trained({}, source)).toMatchObject({
      units: 'subwords',
      vocabSize: 2000,
      dropout: 0.4,
      labelSmoothing: 0.1,
      steps: 1,
      notes: [
        expect.stringMatching(/^settings for 160 examples: units subwords, vocabSize 2000, dropout 0\.4, .*--set/),
      ],
    })
    expect(await trained({ dropout: 0.2, units: 'words' }, source)).toMatchObject({
      units: 'words',
      vocabSize: 16_000,
      dropout: 0.2,
      labelSmoothing: 0.1,
    })
    expect(await trained({})).toMatchObject({ units: 'words', vocabSize: 16_000, dropout: 0, notes: [] })
    expect((recipe as TextToTextRecipe).settingsFor(20_000, {})).toEqual({})
  })

  it('translates sentences that it has not seen, far better than the nearest known ones', {
    timeout: 180_000,
  }, async () => {
    const store = new MemoryStore()
    const sizes = { pairs: 20_000, validation: 100, test: 300, embeddingSize: 64, hiddenSize: 128 }
    const schedule = { steps: 450, batchSize: 96, warmupSteps: 20, evaluateEvery: 450, learningRate: 8e-3 }
    const { run, evaluation, exhibits } = await trainRun({
      registry,
      store,
      recipe: { type: 'translate', ...sizes, ...schedule },
    })
    const { metrics, baseline } = evaluation!
    expect(metrics['exactMatch']).toBeGreaterThan(0.45)
    expect(baseline!['exactMatch']).toBeLessThan(0.05)
    expect(metrics['chrf']).toBeGreaterThan(baseline!['chrf']! + 35)
    expect(metrics['bleu']).toBeGreaterThan(baseline!['bleu']! + 40)
    expect(exhibits.map(({ kind }) => kind)).toEqual(['samples', ...new Array(6).fill('attention')])
    closeRun(run)

    const opened = await openRun({ store, registry })
    const translate = registry.create(usePoint, { type: 'translate', beamWidth: 3 }, { run: opened, name: 'run' })
    expect((await translate(['The dog ate an apple.'])).outputs[0]).toMatch(/개.*사과.*먹었다\.$/)
    closeRun(opened)
  })
})
