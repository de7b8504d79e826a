import { useWasm } from '@heddle/kernels'
import { MemoryStore } from '@heddle/trainer'
import { beforeAll, describe, expect, it } from 'vitest'
import { memorySource } from '../data-source.ts'
import { registry } from '../test-support/tiny.ts'
import { trainRun } from '../train-run.ts'
import { readNames } from './names-recipe.ts'
import { generateNames } from './peoples.ts'

beforeAll(() => useWasm({ threads: 1 }))

const folder = (files: Record<string, string>) => ({
  name: 'names',
  files: Object.entries(files).flatMap(([name, text]) => memorySource(name, text).files),
})

describe('readNames', () => {
  it('takes each file of a folder for a language, and a name once', async () => {
    const source = folder({
      'data/Korean.txt': 'Kim\nPark\n\nKim \n',
      'data/Irish.txt': "O'Neal\nKim\n",
      'data/NOTICE.txt': 'About these files',
      'data/LICENSE': 'MIT',
    })
    expect(await readNames(source)).toEqual({
      examples: [
        { text: 'Kim', label: 'Korean' },
        { text: 'Park', label: 'Korean' },
        { text: "O'Neal", label: 'Irish' },
        { text: 'Kim', label: 'Irish' },
      ],
      notes: ['1 repeated names left out'],
    })
  })

  it('reads a single file of names and languages', async () => {
    const { examples } = await readNames(memorySource('names.tsv', 'Kim\tKorean\nNeal\tIrish\n'))
    expect(examples).toEqual([
      { text: 'Kim', label: 'Korean' },
      { text: 'Neal', label: 'Irish' },
    ])
  })

  it('says when there are no names', async () => {
    await expect(readNames(folder({ 'data/LICENSE': 'MIT' }))).rejects.toThrow(
      'names: expected files of names in names',
    )
  })
})

describe('generateNames', () => {
  it('gives different names of all peoples, the same for the same seed', () => {
    const names = generateNames({ count: 3000, seed: 2 })
    expect(new Set(names.map(({ text }) => text)).size).toBe(3000)
    expect(new Set(names.map(({ label }) => label)).size).toBe(8)
    expect(generateNames({ count: 3000, seed: 2 })).toEqual(names)
  })
})

describe('names', () => {
  it('learns the order of letters that tells peoples apart', async () => {
    const sizes = { names: 5000, hiddenSize: 64, embeddingSize: 32, dropout: 0.1 }
    const schedule = { steps: 900, batchSize: 64, warmupSteps: 20, evaluateEvery: 300, learningRate: 6e-3 }
    const recipe = { type: 'names', ...sizes, ...schedule }
    const { evaluation } = await trainRun({ registry, store: new MemoryStore(), recipe })
    expect(evaluation!.metrics['accuracy']).toBeGreaterThan(0.9)
    expect(evaluation!.baseline!['accuracy']).toBeLessThan(0.7)
  })
})
