import { RandomStream } from '@heddle/core'
import { StreamBatcher } from '@heddle/data'
import { setTraining } from '@heddle/layers'
import { RecurrentLanguageModel } from '@heddle/rnn'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { registry } from '../test-support/registry.ts'
import { NextToken } from './next-token.ts'

const V = 7
const ids = Int32Array.from({ length: 2 * 24 + 1 }, (_, i) => (i * i) % V)

beforeAll(useCpu)

function lossesOf(time: number, cell: string): number[] {
  const config = { vocabSize: V, embeddingSize: 4, hiddenSize: 5, numLayers: 2, cell }
  const model = new RecurrentLanguageModel(config, { rng: new RandomStream(1), registry })
  setTraining(model, false)
  const objective = new NextToken(model)
  const stream = new StreamBatcher(ids, { batchSize: 2, time })
  const losses: number[] = []
  for (let i = 0; i < stream.chunksPerEpoch; i++) {
    const batch = objective.collate([stream.next()])
    losses.push(tf.tidy(() => objective.loss(batch).loss.dataSync()[0]!))
  }
  objective.restore(new Map())
  return losses
}

describe('NextToken', () => {
  it.each(['lstm', 'gru'])(
    'carries the state: windows of any length have the loss of the whole stream (%s)',
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

  it('starts afresh where a stream starts, and continues from a state that was saved', async () => {
    const model = new RecurrentLanguageModel(
      { vocabSize: V, embeddingSize: 4, hiddenSize: 5 },
      { rng: new RandomStream(2), registry },
    )
    const objective = new NextToken(model)
    const stream = new StreamBatcher(ids, { batchSize: 2, time: 8 })
    const lossOf = (batch: ReturnType<typeof objective.collate>) =>
      tf.tidy(() => objective.loss(batch).loss.dataSync()[0]!)
    const [first, second] = [objective.collate([stream.next()]), objective.collate([stream.next()])]
    const loss = lossOf(first)
    const saved = await objective.state()
    expect([...saved.values()].map(({ shape }) => shape)).toEqual([
      [2, 5],
      [2, 5],
    ])
    const next = lossOf(second)
    expect(lossOf(first)).toBe(loss)
    objective.restore(saved)
    expect(lossOf(second)).toBe(next)
    objective.restore(new Map())
    expect(lossOf(second)).not.toBe(next)
  })
})
