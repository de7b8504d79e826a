import { RandomStream } from '@heddle/core'
import { StreamBatcher } from '@heddle/data'
import { setTraining } from '@heddle/layers'
import { RecurrentLanguageModel } from '@heddle/rnn'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { registry } from '../test-support/tiny.ts'
import { LanguageModelTask } from './language-model-task.ts'

const V = 7
const ids = Int32Array.from({ length: 2 * 24 + 1 }, (_, i) => (i * i) % V)

beforeAll(useCpu)

function lossesOf(time: number, cell = 'lstm'): number[] {
  const rng = new RandomStream(1)
  const config = { vocabSize: V, embeddingSize: 4, hiddenSize: 5, numLayers: 2, cell }
  const model = new RecurrentLanguageModel(config, { rng, registry })
  setTraining(model, false)
  const task = new LanguageModelTask(model)
  const stream = new StreamBatcher(ids, { batchSize: 2, time })
  const losses: number[] = []
  for (let i = 0; i < stream.chunksPerEpoch; i++) {
    const batch = task.collate([stream.next()])
    losses.push(tf.tidy(() => task.loss(batch).loss.dataSync()[0]!))
  }
  return losses
}

describe('LanguageModelTask', () => {
  it.each(['lstm', 'gru'])(
    'carries the state: windows of any length give the loss of the whole stream (%s)',
    (cell) => {
      const whole = lossesOf(24, cell)
      expect(whole).toHaveLength(1)
      for (const time of [4, 8, 12]) {
        const parts = lossesOf(time, cell)
        expect(parts).toHaveLength(24 / time)
        expect(parts.reduce((sum, loss) => sum + loss, 0) / parts.length).toBeCloseTo(whole[0]!, 5)
      }
    },
  )

  it('starts afresh where a stream starts, and goes on from a state that was saved', async () => {
    const model = new RecurrentLanguageModel(
      { vocabSize: V, embeddingSize: 4, hiddenSize: 5 },
      { rng: new RandomStream(2), registry },
    )
    const task = new LanguageModelTask(model)
    const stream = new StreamBatcher(ids, { batchSize: 2, time: 8 })
    const lossOf = (batch: ReturnType<typeof task.collate>) => tf.tidy(() => task.loss(batch).loss.dataSync()[0]!)
    const [first, second] = [task.collate([stream.next()]), task.collate([stream.next()])]
    const loss = lossOf(first)
    const saved = await task.state()
    expect([...saved.values()].map(({ shape }) => shape)).toEqual([
      [2, 5],
      [2, 5],
    ])
    const next = lossOf(second)
    expect(lossOf(first)).toBe(loss)
    task.restore(saved)
    expect(lossOf(second)).toBe(next)
    task.restore(new Map())
    expect(lossOf(second)).not.toBe(next)
  })
})
