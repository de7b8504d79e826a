import { RandomStream } from '@heddle/core'
import { useWasm } from '@heddle/kernels'
import type { ValidationEvent } from '@heddle/trainer'
import { beforeAll, describe, expect, it } from 'vitest'
import { registry } from '../test-support/registry.ts'
import { textClassification } from '../text-classification/text-classification.ts'
import type { LabeledText } from '../text-classification/text-reader.ts'

/** Texts whose label is that of most of their letters, in four of five cases. */
function noisyTexts(count: number, rng: RandomStream): LabeledText[] {
  return Array.from({ length: count }, () => {
    const text = Array.from({ length: 5 }, () => rng.pick(['a', 'b'])).join('')
    const isA = text.replaceAll('b', '').length > 2
    return { text, label: isA === rng.uniform() < 0.8 ? 'A' : 'B' }
  })
}

async function validated(training: object, validates = true) {
  const rng = new RandomStream(3)
  const [train, validation] = [noisyTexts(60, rng), noisyTexts(24, rng)]
  const events: ValidationEvent[] = []
  const settings = {
    model: { type: 'recurrent-classifier', embeddingSize: 4, hiddenSize: 8, dropout: 0.3 },
    training: { steps: 36, batchSize: 16, warmupSteps: 1, evaluateEvery: 2, learningRate: 0.08, ...training },
  }
  const task = textClassification.create(settings, { registry, rng })
  const onValidation = (event: ValidationEvent) => void events.push(event)
  const result = await task.fit(train, { ...(validates && { validation }), events: { onValidation } })
  const metrics = await task.evaluate(validation)
  task.dispose()
  return { events, result, metrics }
}

beforeAll(() => useWasm({ threads: 1 }))

describe('the settings of training', () => {
  it('reach the trainer: each changes the run', async () => {
    const lossOf = async (training: object) => (await validated({ steps: 8, ...training })).result.loss
    const standard = await lossOf({})
    const changes = {
      clipNorm: 0.01,
      clipValue: 0.001,
      accumulate: 2,
      batchRamp: { from: 2 },
      classWeights: { A: 3 },
      labelSmoothing: 0.3,
      optimizer: 'lion',
      schedule: 'constant',
    }
    for (const [name, value] of Object.entries(changes)) {
      const loss = await lossOf({ [name]: value })
      expect(Number.isFinite(loss), name).toBe(true)
      expect(loss, name).not.toBe(standard)
    }
    expect(await lossOf({ clipNorm: null })).not.toBe(await lossOf({ clipNorm: 0.01 }))
  })

  it.each(['ema', { type: 'swa', start: 0.5, every: 1 }])(
    'average weights, which are validated and kept: %s',
    async (averaging) => {
      const plain = await validated({ steps: 8, evaluateEvery: 8 })
      const averaged = await validated({ steps: 8, evaluateEvery: 8, averaging })
      expect(averaged.result.loss).toBe(plain.result.loss)
      expect(averaged.metrics['loss']).not.toBe(plain.metrics['loss'])
      expect(averaged.metrics['loss']).toBeCloseTo(averaged.events[0]!.metrics['loss']!, 5)
    },
  )

  it('end training when the changes are small', async () => {
    const { result } = await validated({ patience: 2, minChange: 1, monitor: 'accuracy' })
    // The first validation is the best, as no later one is better by a whole.
    expect([result.reason, result.steps]).toEqual(['patience', 6])
  })
})

describe('the monitored metric', () => {
  it('is the accuracy where labels are given: its highest decides which weights are kept', async () => {
    const { events, result, metrics } = await validated({})
    const accuracies = events.map((event) => event.metrics['accuracy']!)
    const losses = events.map((event) => event.metrics['loss']!)
    const best = accuracies.indexOf(Math.max(...accuracies))
    expect(result.best).toMatchObject({ step: events[best]!.step, value: accuracies[best] })
    expect(metrics['accuracy']).toBeCloseTo(accuracies[best]!, 5)
    expect(metrics['loss']).toBeCloseTo(losses[best]!, 4)
    // Otherwise the loss, or the end of training, would have chosen the same.
    expect(losses.indexOf(Math.min(...losses))).not.toBe(best)
    expect(best).toBeLessThan(events.length - 1)
    expect(events.map((event) => event.best)).toEqual(
      accuracies.map((value, i) => value > Math.max(-1, ...accuracies.slice(0, i))),
    )
  })

  it('may be the loss instead, whose lowest is best', async () => {
    const { events, result } = await validated({ monitor: 'loss' })
    const losses = events.map(({ metrics }) => metrics['loss']!)
    expect(result.best!.value).toBe(Math.min(...losses))
    expect(result.best!.step).toBe(events[losses.indexOf(Math.min(...losses))]!.step)
    expect(losses.at(-1)).toBeGreaterThan(result.best!.value)
  })

  it('ends training when it has not improved for the patience', async () => {
    const { events, result } = await validated({ patience: 3 })
    expect(result.reason).toBe('patience')
    const accuracies = events.map(({ metrics }) => metrics['accuracy']!)
    const best = accuracies.indexOf(Math.max(...accuracies))
    expect(events.length - 1 - best).toBe(3)
  })

  it('needs validation examples where patience is set, and nothing without it', async () => {
    await expect(validated({ patience: 3 }, false)).rejects.toThrow('expected validation examples, as patience is set')
    const { events, result } = await validated({}, false)
    expect([events.length, result.best]).toEqual([0, undefined])
  })
})
