import { RandomStream } from '@heddle/core'
import { Module } from '@heddle/layers'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { type ClassificationParts, ClassificationPipeline, predictLabels } from './classification-pipeline.ts'
import type { LabellingModel } from './classification-task.ts'
import { IGNORED, type LabelledSequence, tokenBatch } from './labelled-batch.ts'

const LABELS = ['a', 'b', 'c']

/** Scores each step: the label whose number the token is gets probability 1/2, the others 1/4. */
class Echo extends Module implements LabellingModel {
  override forward(tokens: tf.Tensor): { logits: tf.Tensor } {
    return { logits: tf.mul(tf.cast(tf.oneHot(tokens as tf.Tensor2D, 3), 'float32'), Math.log(2)) }
  }
}

const parts: ClassificationParts<LabelledSequence, LabelledSequence> = {
  model: new Echo(),
  labels: LABELS,
  batchSize: 2,
  labelSmoothing: 0,
  encode: (example) => example,
  collate: (examples) => tokenBatch(examples, 'step', 0),
  length: ({ input }) => input.length,
  show: () => [],
}
const pipeline = new ClassificationPipeline(parts)

beforeAll(useCpu)

describe('predictLabels', () => {
  it('answers in the order of the examples, with one entry for each step', async () => {
    const before = tf.memory().numTensors
    const examples = [[2, 0, 1], [1], [0, 2]].map((input) => ({ input, labels: input }))
    const predictions = await predictLabels(parts, examples)
    expect(predictions.map(({ labels }) => labels)).toEqual([[2, 0, 1], [1], [0, 2]])
    expect([...predictions[1]!.probabilities[0]!]).toEqual([0.25, 0.5, 0.25])
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe('evaluate', () => {
  it('computes accuracy, macro F1 and loss over all steps', async () => {
    const metrics = await pipeline.evaluate([
      { input: [0, 1], labels: [0, 1] },
      { input: [0], labels: [1] },
    ])
    expect(metrics['accuracy']).toBeCloseTo(2 / 3, 6)
    // a: precision 1/2, recall 1; b: precision 1, recall 1/2. c does not occur.
    expect(metrics['macroF1']).toBeCloseTo(2 / 3, 6)
    expect(metrics['loss']).toBeCloseTo((2 * Math.log(2) + Math.log(4)) / 3, 5)
  })

  it('counts labels that training did not meet as errors', async () => {
    const metrics = await pipeline.evaluate([{ input: [0, 1], labels: [0, IGNORED] }])
    expect(metrics['accuracy']).toBe(0.5)
    expect(metrics['loss']).toBeCloseTo(Math.log(2), 6)
  })
})

it('shows which labels were taken for which', async () => {
  const examples = [
    { input: [0, 1, 1], labels: [0, 1, 2] },
    { input: [2], labels: [IGNORED] },
  ]
  const exhibits = await pipeline.demonstrate(examples, new RandomStream(1))
  expect(exhibits).toEqual([
    {
      kind: 'confusion',
      title: 'Right label by given label',
      labels: LABELS,
      counts: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 1, 0],
      ],
    },
  ])
})
