import { RandomStream } from '@heddle/core'
import { setTraining } from '@heddle/layers'
import { RecurrentSeq2Seq } from '@heddle/rnn'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { registry } from '../test-support/tiny.ts'
import { type EncodedPair, TranslationTask } from './translation-task.ts'

const special = { pad: 0, start: 2, end: 3 }
const pairs: EncodedPair[] = [
  { source: [4, 5, 6, 3], target: [7, 8, 9, 4, 5] },
  { source: [5, 3], target: [6] },
  { source: [8, 8, 3], target: [] },
]

let task: TranslationTask
beforeAll(async () => {
  await useCpu()
  const input = { vocabSize: 10, embeddingSize: 3 }
  const config = { encoder: { input, hiddenSize: 4, bidirectional: true }, decoder: { ...input, hiddenSize: 5 } }
  const model = RecurrentSeq2Seq.create(config, { rng: new RandomStream(1), registry })
  setTraining(model, false)
  task = new TranslationTask(model, special, 0.1)
})

const lossOf = (examples: EncodedPair[], training = false) =>
  tf.tidy(() => {
    const { loss, weight, metrics } = task.loss(task.collate(examples), { step: 0, training })
    return { loss: loss.dataSync()[0]!, weight: weight!, accuracy: metrics?.['tokenAccuracy']?.dataSync()[0] }
  })

describe('TranslationTask', () => {
  it('frames targets: the start symbol goes in first, the end symbol comes out last', () => {
    const { source, lengths, input, labels, numTokens } = task.collate(pairs)
    expect(source.arraySync()).toEqual([
      [4, 5, 6, 3],
      [5, 3, 0, 0],
      [8, 8, 3, 0],
    ])
    expect([...lengths.dataSync()]).toEqual([4, 2, 3])
    expect(input.arraySync()).toEqual([
      [2, 7, 8, 9, 4, 5],
      [2, 6, 0, 0, 0, 0],
      [2, 0, 0, 0, 0, 0],
    ])
    expect(labels.arraySync()).toEqual([
      [7, 8, 9, 4, 5, 3],
      [6, 3, -100, -100, -100, -100],
      [3, -100, -100, -100, -100, -100],
    ])
    expect(numTokens).toBe(9)
  })

  it('means over tokens: a padded batch gives what its sentences give one by one', () => {
    const alone = pairs.map((pair) => lossOf([pair]))
    const sum = alone.reduce((total, { loss, weight }) => total + loss * weight, 0)
    const right = alone.reduce((total, { accuracy, weight }) => total + accuracy! * weight, 0)
    const together = lossOf(pairs)
    expect(together.weight).toBe(9)
    expect(together.loss).toBeCloseTo(sum / 9, 5)
    expect(together.accuracy).toBeCloseTo(right / 9, 5)
  })

  it('smooths labels in training only', () => {
    expect(lossOf(pairs, true).loss).not.toBeCloseTo(lossOf(pairs).loss, 4)
    expect(lossOf(pairs, true).accuracy).toBeUndefined()
  })
})
