import { memorySource } from '@heddle/data'
import { useWasm } from '@heddle/kernels'
import { trainRun, usePoint } from '@heddle/tasks'
import { MemoryStore } from '@heddle/trainer'
import { beforeAll, describe, expect, it } from 'vitest'
import { registry } from './test-support/registry.ts'

beforeAll(() => useWasm({ threads: 1 }))

describe('without attention', () => {
  it('a recipe learns the meaning of a text through the state alone', async () => {
    const words = ['red', 'green', 'blue', 'black']
    const lines = Array.from({ length: 64 }, (_, i) => `${'so '.repeat(i % 7)}${words[i % 4]} ${i}\t${words[i % 4]}`)
    const recipe = {
      type: 'translate',
      data: { validation: 0.1, test: 0.2 },
      model: { hiddenSize: 16, embeddingSize: 8, attention: 'none' },
      tokenizer: { units: 'words', minFrequency: 2 },
      training: { steps: 60, batchSize: 16, evaluateEvery: 60, learningRate: 0.03, warmupSteps: 1 },
    }
    const source = memorySource('colors.tsv', lines.join('\n'))
    const { task, evaluation, exhibits } = await trainRun({ registry, store: new MemoryStore(), recipe, source })
    expect(evaluation!.metrics['exactMatch']).toBe(1)
    expect(task.modelSpec['attention']).toBeNull()
    expect((task.model as unknown as { bridge: { kind: string } }).bridge.kind).toBe('copy')
    expect(exhibits.map(({ kind }) => kind)).toEqual(['samples'])
    const translate = registry.create(usePoint, { type: 'translate', attention: true }, { task, name: 'run' })
    const { json } = await translate(['so red', 'blue'])
    expect(json).toMatchObject([
      { translation: 'red', attention: undefined },
      { translation: 'blue', attention: undefined },
    ])
    task.dispose()
  })
})
