import { memorySource } from '@heddle/data'
import { useWasm } from '@heddle/kernels'
import { MemoryStore } from '@heddle/trainer'
import { beforeAll, describe, expect, it } from 'vitest'
import { withRecipes as registry } from '../test-support/recipes.ts'
import { trained } from '../test-support/trained.ts'
import { evaluationExamples } from './evaluation-examples.ts'
import { openRun } from './open-run.ts'
import { trainRun } from './train-run.ts'

beforeAll(() => useWasm({ threads: 1 }))

describe('evaluationExamples', () => {
  it('are the held-out part of built-in data', async () => {
    const { store, run } = await trained('tiny-lm')
    const opened = await openRun({ store, registry })
    const { part, examples } = await evaluationExamples(opened, registry, undefined)
    expect(part).toBe('validation')
    expect(examples).toEqual(run.dataset.validation)
    opened.task.dispose()
  })

  it('are the held-out part of the data of the run, and all of other data', async () => {
    const store = new MemoryStore()
    const rows = Array.from({ length: 60 }, (_, i) => `one ${i} two\teins ${i} zwei`).join('\n')
    const source = memorySource('pairs.tsv', rows)
    const recipe = { type: 'tiny-pairs', training: { steps: 1, evaluateEvery: 1 } }
    const { task, dataset } = await trainRun({ registry, store, recipe, source })
    const opened = await openRun({ store, registry })
    const own = await evaluationExamples(opened, registry, source)
    expect([own.part, own.examples]).toEqual(['test', dataset.test])
    const other = await evaluationExamples(opened, registry, memorySource('other.tsv', 'a\tb\nc\td'))
    expect(other).toMatchObject({ part: 'all', examples: { length: 2 } })
    await expect(evaluationExamples(opened, registry, undefined)).rejects.toThrow(/pairs\.tsv/)
    task.dispose()
    opened.task.dispose()
  })

  it('are unknown for a task that was trained from code', async () => {
    const { run } = await trained('tiny-lm')
    const store = new MemoryStore()
    await run.task.save(store)
    const opened = await openRun({ store, registry })
    await expect(evaluationExamples(opened, registry, undefined)).rejects.toThrow('a task that was trained from code')
    opened.task.dispose()
  })
})
