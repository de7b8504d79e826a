import { RandomStream } from '@heddle/core'
import { useWasm } from '@heddle/kernels'
import { taskContract } from '@heddle/testing/task'
import { describe, expect, it } from 'vitest'
import { registry } from '../test-support/registry.ts'
import { letterTexts } from '../test-support/tiny-examples.ts'
import { naiveBayes, textClassification } from './text-classification.ts'

const model = { type: 'recurrent-classifier', embeddingSize: 4, hiddenSize: 4, dropout: 0.2 }

taskContract('text-classification', {
  task: textClassification,
  registry,
  useBackend: () => useWasm({ threads: 1 }),
  settings: { model, training: { batchSize: 4, tokenDropout: 0.2 } },
  train: letterTexts(12),
  heldOut: letterTexts(20).slice(12),
  inputs: ['aa', 'b', '', 'ab?'],
})

describe('text classification', () => {
  const create = (settings: object) =>
    textClassification.create({ model, ...settings }, { registry, rng: new RandomStream(1) })

  it('keeps a text in one part however often it occurs', () => {
    const examples = Array.from({ length: 200 }, (_, i) => ({ text: `${i % 40}`, label: `${i % 3}` }))
    const { train, validation, test } = create({}).split(examples, { validation: 0.2, test: 0.2 }, 1)
    const parts = [train, validation, test].map((part) => new Set(part.map(({ text }) => text)))
    expect(parts.map(({ size }) => size)).toEqual([24, 8, 8])
    expect(new Set(parts.flatMap((texts) => [...texts])).size).toBe(40)
  })

  it('compares with a baseline that reads as much of a text as the model', async () => {
    const labeled = (texts: string[]) => texts.map((text) => ({ text, label: text.slice(3) === 'b' ? 'two' : 'one' }))
    const train = labeled(['xyzb', 'xyzb', 'xyza'])
    const task = create({ maxLength: 3 })
    await task.prepare(train)
    const heldOut = labeled(['xyza', 'xyzb'])
    const { pipeline } = task
    const parts = { train, validation: [], test: heldOut, heldOut, pipeline }
    expect(await naiveBayes(parts)).toEqual({ accuracy: 0.5, majorityAccuracy: 0.5 })
    task.dispose()
  })

  it('writes a label with its probability', async () => {
    const task = create({})
    await task.fit(letterTexts(8), { steps: 1 })
    expect(task.pipeline.format({ label: 'A', score: 0.976, scores: {} })).toBe('A (98 %)')
    task.dispose()
  })
})
