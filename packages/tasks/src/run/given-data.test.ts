import { createRegistry, type PartSpec } from '@heddle/core'
import { memorySource } from '@heddle/data'
import { useWasm } from '@heddle/kernels'
import { MemoryStore } from '@heddle/trainer'
import { beforeAll, describe, expect, it } from 'vitest'
import { withRecipes as registry } from '../test-support/recipes.ts'
import { plugins } from '../test-support/registry.ts'
import { textClassification } from '../text-classification/text-classification.ts'
import { evaluationExamples } from './evaluation-examples.ts'
import { openRun } from './open-run.ts'
import { recipe } from './recipe.ts'
import { labeledTexts } from './table-data.ts'
import { trainRun } from './train-run.ts'

beforeAll(() => useWasm({ threads: 1 }))

const rows = (name: string, count: number) =>
  memorySource(`${name}.tsv`, Array.from({ length: count }, (_, i) => `${name} ${i}\tto ${i}`).join('\n'))
const training = { steps: 1, evaluateEvery: 1 }
const pairs = { type: 'tiny-pairs', training }
const source = rows('all', 40)
const [validation, test] = [rows('held', 5), rows('last', 6)]

const prepared = async (given: object, recipe: PartSpec = pairs) => {
  const store = new MemoryStore()
  const run = await trainRun({ registry, store, recipe, ...given })
  const { train, validation: held, test: last } = run.dataset
  run.task.dispose()
  const sources = (part: readonly unknown[]) => part.map((each) => (each as { source?: string }).source?.split(' ')[0])
  return { ...run, store, sizes: [train.length, held.length, last.length], sources: [held, last].map(sources) }
}

describe('given parts', () => {
  it('are the parts of the run, and nothing is split off', async () => {
    const { sizes, sources, evaluation } = await prepared({ source, validation, test })
    expect(sizes).toEqual([40, 5, 6])
    expect(sources.map((part) => new Set(part))).toEqual([new Set(['held']), new Set(['last'])])
    expect(evaluation?.part).toBe('test')
  })

  it('leave the missing part to the settings', async () => {
    const { sizes, sources } = await prepared({ source, test }, { ...pairs, data: { validation: 4 } })
    expect(sizes).toEqual([36, 4, 6])
    expect(new Set(sources[0])).toEqual(new Set(['all']))
    expect((await prepared({ source, validation }, { ...pairs, data: { test: 4 } })).sizes).toEqual([36, 5, 4])
  })

  it('have the columns that the data to learn from told, also in a later evaluation', async () => {
    const labels = recipe({
      name: 'tiny-labels',
      summary: 'labels of texts',
      task: textClassification,
      data: { count: 1, format: 'a table', builtIn: () => [], ...labeledTexts('tiny-labels') },
      defaults: { model: { type: 'recurrent-classifier', hiddenSize: 4 }, training },
    })
    const own = createRegistry([...plugins, { name: 'tiny', contributes: [labels] }])
    const table = (count: number) => Array.from({ length: count }, (_, i) => `label ${i % 2}\ttext ${i}`).join('\n')
    const store = new MemoryStore()
    const all = { source: memorySource('all.tsv', table(40)), validation: memorySource('held.tsv', table(2)) }
    const { dataset, task } = await trainRun({ registry: own, store, recipe: { type: 'tiny-labels' }, ...all })
    const held = [
      { text: 'text 0', label: 'label 0' },
      { text: 'text 1', label: 'label 1' },
    ]
    expect(dataset.validation).toEqual(held)
    task.dispose()
    const run = await openRun({ store, registry: own })
    expect(run.config.recipe?.data).toMatchObject({ text: 2, label: 1 })
    const later = await evaluationExamples(run, own, memorySource('later.tsv', table(2)))
    expect(later.examples).toEqual(held)
    run.task.dispose()
  })

  it('need examples to learn from', async () => {
    await expect(prepared({ test })).rejects.toThrow('expected data to learn from beside those for test')
  })

  it('go before those that the names of the files tell, with a note', async () => {
    const files = [...rows('train', 30).files, ...rows('dev', 3).files, ...rows('test', 4).files]
    const official = await prepared({ source: { name: 'folder', files } })
    expect(official.sizes).toEqual([30, 3, 4])
    expect(official.notes).toContain('split as the names of the files say: train, validation, test')
    const { sizes, notes } = await prepared({ source: { name: 'folder', files }, test })
    expect(sizes).toEqual([30, 3, 6])
    expect(notes).toContain(
      'split as the names of the files say: train, validation; their test part (4 examples) is left out',
    )
    const whole = { name: 'folder', files }
    const none = await prepared({ source: whole }, { ...pairs, data: { test: 0, validation: 2 } })
    expect(none.sizes).toEqual([30, 3, 0])
    expect(none.notes.slice(0, 2)).toEqual([
      'split as the names of the files say: train, validation; their test part (4 examples) is left out, as data.test is 0',
      'their validation part is taken whole: data.validation is for files without one',
    ])
    expect(none.evaluation?.part).toBe('validation')
    await expect(prepared({ source, test: whole })).rejects.toThrow('expected the files of one part in folder')
  })

  it('of texts come from the names of the files too', async () => {
    const text = (name: string, word: string, count: number) => memorySource(name, `${word} `.repeat(count)).files
    const files = [
      ...text('wiki.test.tokens', 'c', 60),
      ...text('wiki.train.tokens', 'a b c', 90),
      ...text('wiki.valid.tokens', 'b', 70),
    ]
    const { dataset, evaluation } = await prepared(
      { source: { name: 'wiki', files } },
      { type: 'tiny-lm', training: { steps: 1, evaluateEvery: 1 } },
    )
    const starts = [dataset.train, dataset.validation, dataset.test].map((part) => part.map((all) => `${all}`[0]))
    expect(starts).toEqual([['a'], ['b'], ['c']])
    expect(evaluation?.part).toBe('test')
    const recipe = { type: 'tiny-lm', training: { steps: 1, evaluateEvery: 1 }, data: { test: 0 } }
    const without = await prepared({ source: { name: 'wiki', files } }, recipe)
    expect(without.dataset.test).toEqual([])
    expect(without.notes[0]).toMatch(/their test part \(.* characters\) is left out, as data.test is 0/)
  })
})

describe('a run with given parts', () => {
  it('keeps their fingerprints: it is resumed with the same ones only', async () => {
    const store = new MemoryStore()
    const stopped = new AbortController()
    const events = { onStep: () => stopped.abort() }
    const recipe = { ...pairs, training: { steps: 3, evaluateEvery: 1 } }
    const first = await trainRun({ registry, store, recipe, source, validation, test, signal: stopped.signal, events })
    expect(first.result.reason).toBe('aborted')
    expect(first.provenance.data).toMatchObject({ name: 'all.tsv', validation: { name: 'held.tsv' } })
    first.task.dispose()
    const resume = (given: object) => trainRun({ registry, store, resume: true, source, ...given })
    await expect(resume({ validation })).rejects.toThrow("expected the run's test data (last.tsv), got none")
    await expect(resume({ validation, test: rows('other', 6) })).rejects.toThrow('got other content in other.tsv')
    const { dataset, evaluation, task } = await resume({ validation, test })
    expect(dataset.test).toEqual(first.dataset.test)
    expect(evaluation?.part).toBe('test')
    task.dispose()
  })

  it('is evaluated on its test part', async () => {
    const { store, dataset } = await prepared({ source, validation, test })
    const opened = await openRun({ store, registry })
    const own = await evaluationExamples(opened, registry, source, { validation, test })
    expect([own.part, own.examples]).toEqual(['test', dataset.test])
    await expect(evaluationExamples(opened, registry, source, { validation })).rejects.toThrow('last.tsv')
    const other = await evaluationExamples(opened, registry, rows('other', 3))
    expect(other).toMatchObject({ part: 'all', examples: { length: 3 } })
    opened.task.dispose()
  })
})

describe('held-out parts of size 0', () => {
  it('are left out: metrics are of the validation part, or there are none', async () => {
    const validated = await prepared({ source }, { ...pairs, data: { test: 0 } })
    expect(validated.sizes.slice(1)).toEqual([4, 0])
    expect(validated.evaluation?.part).toBe('validation')
    const neither = await prepared({ source }, { ...pairs, data: { test: 0, validation: 0 } })
    expect(neither.sizes).toEqual([40, 0, 0])
    expect(neither).toMatchObject({ exhibits: [], result: { steps: 1 } })
    expect(neither.evaluation).toBeUndefined()
    const opened = await openRun({ store: neither.store, registry })
    await expect(evaluationExamples(opened, registry, source)).rejects.toThrow('expected held-out examples of the run')
    opened.task.dispose()
  })

  it('leave the n-gram baseline the part that the run is judged by', async () => {
    const text = memorySource('fox.txt', 'the fox jumps over the lazy dog. '.repeat(20))
    const recipe = { type: 'tiny-lm', training, data: { validation: 0, test: 0.2 } }
    const { evaluation } = await prepared({ source: text }, recipe)
    expect(evaluation?.baseline?.['loss']).toBeGreaterThan(0)
  })
})
