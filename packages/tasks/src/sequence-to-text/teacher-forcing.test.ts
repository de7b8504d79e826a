import { RandomStream } from '@heddle/core'
import { setTraining } from '@heddle/layers'
import { RecurrentSeq2Seq } from '@heddle/rnn'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { registry } from '../test-support/registry.ts'
import { type EncodedPair, TeacherForcing } from './teacher-forcing.ts'

// Sources are sequences of vectors of two features.
const examples: EncodedPair<readonly (readonly [number, number])[]>[] = [
  {
    source: [
      [1, 2],
      [3, 4],
      [0, 1],
    ],
    target: [4, 5, 4],
  },
  { source: [[5, 6]], target: [5] },
]

function makeObjective(scheduledSampling: number) {
  const model = RecurrentSeq2Seq.create(
    {
      source: { featureSize: 2 },
      target: { vocabSize: 6 },
      embeddingSize: 3,
      hiddenSize: 4,
      style: 'bahdanau',
      encoder: { hiddenSize: 4, bidirectional: false },
    },
    { rng: new RandomStream(1), registry },
  )
  setTraining(model, false)
  return new TeacherForcing<readonly (readonly [number, number])[]>({
    model,
    frame: { pad: 0, start: 2, end: 3 },
    labelSmoothing: 0,
    scheduledSampling,
    samplingSteps: 100,
    collate: (sources) => {
      const S = Math.max(...sources.map((source) => source.length))
      const padded = sources.map((source) => Array.from({ length: S }, (_, i) => [...(source[i] ?? [0, 0])]))
      return {
        source: tf.tensor3d(padded),
        lengths: tf.tensor1d(
          sources.map(({ length }) => length),
          'int32',
        ),
      }
    },
  })
}

const lossOf = (objective: ReturnType<typeof makeObjective>, some: typeof examples, step: number, training: boolean) =>
  tf.tidy(() => {
    const { loss, weight } = objective.loss(objective.collate(some), { step, training })
    return { loss: loss.dataSync()[0]!, weight: weight! }
  })

describe('TeacherForcing', () => {
  beforeAll(useCpu)

  it('frames targets: the start symbol goes in first, the end symbol comes out last', () => {
    const { input, labels, numTokens, lengths } = makeObjective(0).collate(examples)
    expect(input.arraySync()).toEqual([
      [2, 4, 5, 4],
      [2, 5, 0, 0],
    ])
    expect(labels.arraySync()).toEqual([
      [4, 5, 4, 3],
      [5, 3, -100, -100],
    ])
    expect([...lengths!.dataSync()]).toEqual([3, 1])
    expect(numTokens).toBe(6)
  })

  it('does not see padding: a batch has the mean loss of its examples, weighted by their tokens', () => {
    const objective = makeObjective(0)
    const all = lossOf(objective, examples, 0, false)
    const each = examples.map((example) => lossOf(objective, [example], 0, false))
    const expected = each.reduce((sum, { loss, weight }) => sum + loss * weight, 0) / all.weight
    expect(all.loss).toBeCloseTo(expected, 5)
  })

  it('gives the own tokens to a share of the steps that rises to its highest', () => {
    const objective = makeObjective(0.4)
    expect([0, 50, 100, 500].map((step) => objective.teacherForcing(step))).toEqual([1, 0.8, 0.6, 0.6])
  })

  it('changes the loss by scheduled sampling in training, and never in validation', () => {
    const objective = makeObjective(1)
    const forced = lossOf(objective, examples, 0, true).loss
    expect(lossOf(objective, examples, 100, true).loss).not.toBeCloseTo(forced, 4)
    expect(lossOf(objective, examples, 100, false).loss).toBeCloseTo(forced, 5)
  })
})
