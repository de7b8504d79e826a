import { memorySource } from '@heddle/data'
import { useCpu } from '@heddle/testing'
import { MemoryStore } from '@heddle/trainer'
import { beforeAll, describe, expect, it } from 'vitest'
import { namesConfig } from '../names/names-recipe.ts'
import { registry } from '../test-support/tiny.ts'
import { trainRun } from '../train-run.ts'
import { type LabelledText, TextClassification } from './text-classification.ts'

beforeAll(useCpu)

const config = namesConfig.parse({ validation: 0.2, test: 0.2, maxLength: 3 })
const recipe = new TextClassification(config, {
  name: 'letters',
  metrics: [],
  dataFormat: 'none',
  builtIn: () => [],
  read: async () => ({ examples: [], notes: [] }),
})

describe('TextClassification', () => {
  it('keeps a text in one part however often it occurs', () => {
    const examples: LabelledText[] = Array.from({ length: 200 }, (_, i) => ({ text: `${i % 40}`, label: `${i % 3}` }))
    const { train, validation, test } = recipe.split(examples, 1)
    const parts = [train, validation, test].map((part) => new Set(part.map(({ text }) => text)))
    expect(parts.map(({ size }) => size)).toEqual([24, 8, 8])
    expect(new Set(parts.flatMap((texts) => [...texts])).size).toBe(40)
  })

  it('refuses data with a single label', () => {
    expect(() => recipe.fit([{ text: 'a', label: 'x' }])).toThrow(
      'letters: expected at least two different labels, got "x"',
    )
  })

  it('computes its baseline from the start of each text that the model reads, too', async () => {
    const part = (texts: string[]) => texts.map((text) => ({ text, label: text.slice(3) === 'b' ? 'two' : 'one' }))
    const train = part(['xyzb', 'xyzb', 'xyza'])
    const { accuracy, majorityAccuracy } = await recipe.baseline({
      train,
      validation: [],
      test: part(['xyza', 'xyzb']),
    })
    expect(accuracy).toBe(0.5)
    expect(majorityAccuracy).toBe(0.5)
  })

  it('resumes to the same weights, bit for bit, with characters made unknown at random', async () => {
    const lines = Array.from({ length: 60 }, (_, i) => `name${i}\t${i % 2 === 0 ? 'even' : 'odd'}`).join('\n')
    const source = memorySource('names.tsv', lines)
    const sizes = { hiddenSize: 4, embeddingSize: 4, dropout: 0.2, tokenDropout: 0.3, batchSize: 8 }
    const spec = { type: 'names', ...sizes, steps: 9, warmupSteps: 2, evaluateEvery: 3 }
    const whole = new MemoryStore()
    await trainRun({ registry, store: whole, recipe: spec, source })

    const broken = new MemoryStore()
    const controller = new AbortController()
    const first = await trainRun({
      registry,
      store: broken,
      recipe: spec,
      source,
      signal: controller.signal,
      events: {
        onStep: ({ step }) => {
          if (step === 5) controller.abort()
        },
      },
    })
    expect(first.result.reason).toBe('aborted')
    await trainRun({ registry, store: broken, resume: true, source })
    const weights = (store: MemoryStore) => store.read('model.safetensors')
    expect(await weights(broken)).toEqual(await weights(whole))
  })
})
