import type { DataFile } from '@heddle/data'
import { useWasm } from '@heddle/kernels'
import { MemoryStore } from '@heddle/trainer'
import { beforeAll, describe, expect, it } from 'vitest'
import { closeRun, openRun } from '../run.ts'
import { registry } from '../test-support/tiny.ts'
import { wavFile } from '../test-support/wav-file.ts'
import { trainRun } from '../train-run.ts'
import { usePoint } from '../use.ts'
import { DigitsRecipe, digitsConfig } from './digits-recipe.ts'

const wav = (name: string, sampleRate = 8000): DataFile => {
  const samples = Float32Array.from({ length: 2000 }, (_, i) => Math.sin(i / 5) / 2)
  return { name, bytes: async () => wavFile(samples, sampleRate) }
}

const folder = (files: readonly DataFile[]) => ({ name: 'recordings', files })

describe('digits', () => {
  beforeAll(() => useWasm({ threads: 1 }))

  it('writes labels of digits in words', async () => {
    const recipe = new DigitsRecipe(digitsConfig.parse({}))
    const { examples } = await recipe.read(folder([wav('42_tom_12.wav'), wav('yes_tom.wav')]))
    expect(examples.map(({ target }) => target)).toEqual(['four two', 'yes'])
  })

  it('keeps the first five takes for the test, where takes are numbered', async () => {
    const recipe = new DigitsRecipe(digitsConfig.parse({ validation: 2 }))
    const files = Array.from({ length: 30 }, (_, i) => wav(`${i % 3}_anna_${Math.floor(i / 3)}.wav`))
    const { examples } = await recipe.read(folder(files))
    const { train, validation, test } = recipe.split(examples, 1)
    expect([train.length, validation.length, test.length]).toEqual([13, 2, 15])
    expect(Math.max(...test.map(({ source }) => source.take!))).toBe(4)
    expect(Math.min(...[...train, ...validation].map(({ source }) => source.take!))).toBe(5)
  })

  it('learns to write down what voices say that it has not heard, also from a file', async () => {
    const store = new MemoryStore()
    const recipe = {
      type: 'digits',
      clips: 700,
      longest: 1,
      test: 150,
      validation: 50,
      hiddenSize: 64,
      embeddingSize: 16,
      numMels: 24,
      dropout: 0.05,
      beamWidth: 2,
      learningRate: 8e-3,
      steps: 260,
      batchSize: 24,
      warmupSteps: 20,
      evaluateEvery: 260,
    }
    const { run, evaluation, dataset } = await trainRun({ registry, store, recipe })
    expect(evaluation!.metrics['exactMatch']).toBeGreaterThan(0.85)
    expect(evaluation!.metrics['characterErrorRate']).toBeLessThan(0.15)
    closeRun(run)

    const opened = await openRun({ store, registry })
    const clips = dataset.test.slice(0, 20) as { source: { samples: Float32Array }; target: string }[]
    const openFile = (path: string): DataFile => ({
      name: path,
      bytes: async () => wavFile(clips[Number(path.split('.')[0])]!.source.samples, 8000),
    })
    const describeFiles = registry.create(usePoint, { type: 'describe' }, { run: opened, name: 'run', openFile })
    const { outputs } = await describeFiles(clips.map((_, i) => `${i}.wav`))
    expect(outputs.filter((text, i) => text === clips[i]!.target).length).toBeGreaterThan(14)
    closeRun(opened)
  })
})
