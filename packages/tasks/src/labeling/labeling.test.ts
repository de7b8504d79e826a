import { RandomStream } from '@heddle/core'
import { Module } from '@heddle/layers'
import { useCpu } from '@heddle/testing'
import { validate } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { Scorer } from '../task/scorer.ts'
import { registry } from '../test-support/registry.ts'
import type { LabelingModel } from './label-objective.ts'
import { type LabeledSequence, tokenBatch } from './labeled-batch.ts'
import { type ExampleReader, Labeling } from './labeling.ts'
import { labelIds } from './labels.ts'
import { wordOf } from './worst-mistakes.ts'

const LABELS = ['a', 'b', 'c']

/** Scores each step: the label whose number the token is has probability 1/2, the others 1/4. */
class Echo extends Module implements LabelingModel {
  override forward(tokens: tf.Tensor): { logits: tf.Tensor } {
    return { logits: tf.mul(tf.cast(tf.oneHot(tokens as tf.Tensor2D, 3), 'float32'), Math.log(2)) }
  }
}

/** Tokens and labels, both as letters. */
interface Letters {
  readonly input: string
  readonly labels: string
}

const idOf = labelIds(LABELS)
const reader: ExampleReader<Letters, LabeledSequence> = {
  labelsOf: ({ labels }) => [...labels],
  encode: ({ input, labels }) => ({ input: [...input].map(idOf), labels: [...labels].map(idOf) }),
  collate: (examples) => tokenBatch(examples, 'step', 0),
  length: ({ input }) => input.length,
}
const model = new Echo()
const scorer = new Scorer<string>([{ type: 'accuracy' }, { type: 'f1' }], registry)
const labeling = new Labeling({ model, labels: LABELS, reader, scorer, batchSize: 2, labelSmoothing: 0 })

beforeAll(useCpu)

describe('predict', () => {
  it('answers in the order of the examples, with one entry for each step, and none for an empty one', async () => {
    const before = tf.memory().numTensors
    const examples = ['cab', '', 'b', 'ac'].map((input) => reader.encode({ input, labels: input }))
    const predictions = await labeling.predict(examples)
    expect(predictions.map(({ labels }) => labels)).toEqual([[2, 0, 1], [], [1], [0, 2]])
    expect([...predictions[2]!.probabilities[0]!]).toEqual([0.25, 0.5, 0.25])
    expect(tf.memory().numTensors).toBe(before)
  })

  it('leaves no tensor behind when the model fails', async () => {
    const failing = new (class extends Echo {
      override forward(): never {
        throw new Error('no weights')
      }
    })()
    const broken = new Labeling({ model: failing, labels: LABELS, reader, scorer, batchSize: 2, labelSmoothing: 0 })
    const before = tf.memory().numTensors
    await expect(broken.predict([reader.encode({ input: 'ab', labels: 'ab' })])).rejects.toThrow('no weights')
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe('evaluate', () => {
  it('computes accuracy, macro F1 and loss over all steps', async () => {
    const metrics = await labeling.evaluate([
      { input: 'ab', labels: 'ab' },
      { input: 'a', labels: 'b' },
    ])
    expect(metrics['accuracy']).toBeCloseTo(2 / 3, 6)
    // a: precision 1/2, recall 1; b: precision 1, recall 1/2. c does not occur.
    expect(metrics['f1']).toBeCloseTo(2 / 3, 6)
    expect(metrics['loss']).toBeCloseTo((2 * Math.log(2) + Math.log(4)) / 3, 5)
    expect(metrics).not.toHaveProperty('unknownLabels')
  })

  it('counts labels that training did not meet as errors, and says how many there are', async () => {
    const metrics = await labeling.evaluate([{ input: 'ab', labels: 'a?' }])
    expect(metrics['accuracy']).toBe(0.5)
    expect(metrics['loss']).toBeCloseTo(Math.log(2), 6)
    expect(metrics['unknownLabels']).toBe(1)
  })

  it('has no loss where all labels are unknown, rather than NaN', async () => {
    const metrics = await labeling.evaluate([{ input: 'ab', labels: '??' }])
    expect(metrics).toMatchObject({ accuracy: 0, unknownLabels: 2, examples: 1 })
    expect(metrics).not.toHaveProperty('loss')
    expect(Object.values(metrics).every(Number.isFinite)).toBe(true)
  })
})

describe('validation', () => {
  const validated = (examples: readonly Letters[]) =>
    validate({ model, objective: labeling.objective, batches: labeling.validationBatches(examples) })

  // Batches of 256: one of short examples, one of long ones without a known label, one of both.
  const unknown = Array.from({ length: 300 }, () => ({ input: 'abcab', labels: '?????' }))
  const known = [
    { input: 'ab', labels: 'ab' },
    { input: 'aaaaab', labels: 'a????a' },
  ]

  it('counts unknown labels as errors and leaves them out of the loss, as evaluate does', async () => {
    const examples = [...known, ...unknown, { input: '', labels: '' }]
    const { loss, accuracy } = await validated(examples)
    expect(loss).toBeCloseTo((3 * Math.log(2) + Math.log(4)) / 4, 5)
    expect(accuracy).toBeCloseTo(3 / 1508, 7)
    const evaluated = await labeling.evaluate(examples)
    expect(loss).toBeCloseTo(evaluated['loss']!, 5)
    expect(accuracy).toBeCloseTo(evaluated['accuracy']!, 7)
  })

  it('has no loss where all labels are unknown, and says so beforehand', async () => {
    expect(await validated(unknown)).toEqual({ accuracy: 0 })
    expect(labeling.validationMetrics(unknown)).toEqual(['accuracy'])
    expect(labeling.validationMetrics(known)).toEqual(['accuracy', 'loss'])
  })
})

describe('confusion', () => {
  it('shows which labels were taken for which, without unknown ones', async () => {
    const examples = [
      { input: 'abb', labels: 'abc' },
      { input: 'c', labels: '?' },
    ]
    const shuffled = await labeling.predictShuffled(examples, new RandomStream(1))
    expect(labeling.confusion(shuffled.examples, shuffled.predicted)).toEqual([
      {
        kind: 'confusion',
        title: 'True label by predicted label',
        labels: LABELS,
        counts: [
          [1, 0, 0],
          [0, 1, 0],
          [0, 1, 0],
        ],
      },
    ])
    expect(labeling.confusion([{ input: 'a', labels: '?' }], [['a']])).toEqual([])
  })

  it('is left out for more labels than one can read', () => {
    const labels = Array.from({ length: 41 }, (_, i) => `${i}`)
    const many = new Labeling({ model, labels, reader, scorer, batchSize: 2, labelSmoothing: 0 })
    expect(many.confusion([{ input: 'a', labels: '1' }], [['1']])).toEqual([])
  })
})

describe('mistakes', () => {
  it('are the wrong labels, the least probable right one first, with the step that they are of', async () => {
    const examples = [
      { input: 'abb', labels: 'abc' },
      { input: 'bba', labels: 'ab?' },
      { input: 'a', labels: 'a' },
    ]
    const shown = await labeling.predictShuffled(examples, new RandomStream(1))
    const [exhibit, ...more] = labeling.mistakes(shown, ({ input }, t) => ({ text: input, part: [t, t + 1] }))
    expect(more).toEqual([])
    expect(
      exhibit!.mistakes.map(({ text, part, expected, predicted }) => ({ text, part, expected, predicted })),
    ).toEqual(
      expect.arrayContaining([
        { text: 'abb', part: [2, 3], expected: 'c', predicted: 'b' },
        { text: 'bba', part: [0, 1], expected: 'a', predicted: 'b' },
      ]),
    )
    expect(exhibit!.mistakes).toHaveLength(2)
    const [first, second] = exhibit!.mistakes
    expect(first!.expectedScore).toBeLessThanOrEqual(second!.expectedScore)
    for (const { score, expectedScore } of exhibit!.mistakes) expect(score).toBeGreaterThan(expectedScore)
    const right = await labeling.predictShuffled([{ input: 'a', labels: 'a' }], new RandomStream(1))
    expect(labeling.mistakes(right, () => ({}))).toEqual([])
    expect(wordOf(['the', 'old', 'dog'], 1)).toEqual({ text: 'the old dog', part: [4, 7] })
  })

  it('are at most twelve', async () => {
    const many = Array.from({ length: 30 }, () => ({ input: 'b', labels: 'a' }))
    const shown = await labeling.predictShuffled(many, new RandomStream(1))
    expect(labeling.mistakes(shown, ({ input }) => ({ text: input }))[0]!.mistakes).toHaveLength(12)
  })
})

describe('weights of labels', () => {
  /** The training loss of a batch with its weight. */
  async function trained(classWeights: 'balanced' | Record<string, number>, training = true) {
    const learning = new Labeling({
      model,
      labels: LABELS,
      reader,
      scorer,
      batchSize: 4,
      labelSmoothing: 0,
      classWeights,
    })
    const examples: Letters[] = [
      { input: 'ab', labels: 'aa' },
      { input: 'a', labels: 'a' },
      { input: 'c', labels: 'b' },
    ]
    await learning.trainingBatches(examples, new RandomStream(1))
    const batch = learning.objective.collate(examples.map((example) => reader.encode(example)))
    const { loss, weight } = learning.objective.loss(batch, { step: 0, training })
    return [loss.dataSync()[0], weight]
  }
  const [right, wrong] = [Math.log(2), Math.log(4)]

  it('balance how often each is met', async () => {
    // 4 labels, of which 3 are a and 1 is b, among 3: a weighs 4/9, b 4/3.
    const [loss, weight] = await trained('balanced')
    expect(weight).toBeCloseTo((3 * 4) / 9 + 4 / 3, 5)
    expect(loss).toBeCloseTo(((4 / 9) * (2 * right + wrong) + (4 / 3) * wrong) / weight!, 5)
  })

  it('are 1 where none is given, and only count in training', async () => {
    const [loss, weight] = await trained({ b: 5 })
    expect(weight).toBe(8)
    expect(loss).toBeCloseTo((2 * right + wrong + 5 * wrong) / 8, 5)
    expect(await trained({ b: 5 }, false)).toEqual([expect.closeTo((2 * right + 2 * wrong) / 4, 5), 4])
  })

  it('are of labels that there are', async () => {
    await expect(trained({ d: 2 })).rejects.toThrow(
      "labeling: expected training.classWeights to name labels of the training examples, got 'd'.",
    )
  })
})
