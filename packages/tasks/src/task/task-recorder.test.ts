import { RandomStream } from '@heddle/core'
import { useWasm } from '@heddle/kernels'
import { MemoryStore } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Exhibit } from '../exhibits/exhibit.ts'
import { languageModeling } from '../language-modeling/language-modeling.ts'
import { registry } from '../test-support/registry.ts'
import { letterTexts } from '../test-support/tiny-examples.ts'
import { textClassification } from '../text-classification/text-classification.ts'
import type { TaskRecorder } from './task-recorder.ts'

beforeAll(() => useWasm({ threads: 1 }))

const rows = letterTexts(24)
const validation = letterTexts(60).slice(24)
const model = { type: 'recurrent-classifier', embeddingSize: 4, hiddenSize: 8, dropout: 0.2 }
const training = { batchSize: 8, learningRate: 0.05, warmupSteps: 2, evaluateEvery: 2 }
const classifier = () => textClassification.create({ model, training }, { registry, rng: new RandomStream(1) })

interface Shown {
  readonly step: number
  readonly exhibits: readonly Exhibit[]
}

function recorder(shown: Shown[], onExhibits: (step: number) => void = () => {}): TaskRecorder {
  return {
    name: 'shown',
    start: async () => {},
    checkpoint: async () => undefined,
    async exhibits(exhibits, step) {
      shown.push({ step, exhibits })
      onExhibits(step)
    },
  }
}

const samplesOf = ({ exhibits }: Shown) =>
  exhibits.flatMap((exhibit) => ('samples' in exhibit ? (exhibit.samples as { input: string }[]) : []))

describe('a recorder of a task', () => {
  it('gets exhibits of the same examples at validations, seldomer and seldomer, and training stays the same', async () => {
    const before = tf.memory().numTensors
    const shown: Shown[] = []
    const watched = classifier()
    const plain = classifier()
    const recorded = await watched.fit(rows, { validation, steps: 15, recorders: [recorder(shown)] })
    const { loss, best } = await plain.fit(rows, { validation, steps: 15 })
    expect(recorded).toMatchObject({ loss, best })
    // All of the first four validations, then each second; and the last step.
    expect(shown.map(({ step }) => step)).toEqual([2, 4, 6, 8, 12, 15])
    const inputs = shown.map((each) => samplesOf(each).map(({ input }) => input))
    expect(inputs[0]!.length).toBeGreaterThan(3)
    for (const each of inputs) expect(each).toEqual(inputs[0])
    expect(shown[0]!.exhibits.map(({ kind }) => kind)).toContain('confusion')
    // Some of the validation part, from all over it.
    const counts = shown.flatMap(({ exhibits }) =>
      exhibits.flatMap((exhibit) => ('counts' in exhibit ? [(exhibit.counts as number[][]).flat()] : [])),
    )
    expect(counts[0]!.reduce((sum, count) => sum + count, 0)).toBe(8)
    // What the task shows at its end does not depend on what it showed on its way.
    expect(await watched.demonstrate(validation)).toEqual(await plain.demonstrate(validation))
    watched.dispose()
    plain.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })

  it('gets them once, also where the run is stopped while they are made, and resumed', async () => {
    const whole: Shown[] = []
    const uninterrupted = classifier()
    await uninterrupted.fit(rows, { validation, steps: 8, recorders: [recorder(whole)] })
    const store = new MemoryStore()
    const controller = new AbortController()
    const parts: Shown[] = []
    const stopped = classifier()
    const own = stopped.demonstrate.bind(stopped)
    stopped.demonstrate = (examples, options) => {
      if (parts.length === 1) controller.abort()
      return own(examples, options)
    }
    const options = { validation, steps: 8, store }
    const { reason, steps } = await stopped.fit(rows, {
      ...{ ...options, signal: controller.signal },
      recorders: [recorder(parts)],
    })
    expect([reason, steps, parts.length]).toEqual(['aborted', 4, 1])
    const resumed = classifier()
    await resumed.fit(rows, { ...options, resume: true, recorders: [recorder(parts)] })
    expect(parts).toEqual(whole)
    for (const task of [uninterrupted, stopped, resumed]) task.dispose()
  })

  it('gets a short text of a language model', async () => {
    const shown: Shown[] = []
    const task = languageModeling.create(
      {
        model: { type: 'recurrent-lm', embeddingSize: 4, hiddenSize: 8 },
        training: { batchSize: 2, windowLength: 8, evaluateEvery: 2 },
      },
      { registry, rng: new RandomStream(1) },
    )
    await task.fit(['the cat sat on the mat. '.repeat(20)], {
      validation: ['the mat sat on the cat. '.repeat(4)],
      ...{ steps: 2, recorders: [recorder(shown)] },
    })
    const texts = shown.flatMap(({ exhibits }) => exhibits).filter(({ kind }) => kind === 'text')
    expect(texts).toHaveLength(1)
    expect((texts[0] as unknown as { text: string }).text).toHaveLength(100)
    task.dispose()
  })
})
