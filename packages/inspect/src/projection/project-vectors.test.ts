import type { LabeledText } from '@heddle/tasks'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { classifier, languageModel, transformer } from '../test-support/tiny-tasks.ts'
import { projectVectors } from './project-vectors.ts'

beforeAll(useCpu)

const EXAMPLES: readonly LabeledText[] = [
  { text: 'Anna told', label: 'a' },
  { text: 'Anna told', label: 'a' },
  { text: 'The dolmen', label: 'b' },
  { text: 'The dolmen', label: 'b' },
]
const small = { type: 'transformer-classifier', hiddenSize: 8, numHeads: 2, numLayers: 1 }

describe('projectVectors', () => {
  it('places each example by the vector from which its label is scored, and leaks nothing', async () => {
    const task = await classifier(small)
    await projectVectors(task, EXAMPLES)
    const before = tf.memory().numTensors
    const { labels, size, panels } = await projectVectors(task, EXAMPLES)
    expect(tf.memory().numTensors).toBe(before)
    expect([labels, size, panels.length]).toEqual([['a', 'b'], 8, 1])
    const [{ points, explained, sameNeighbor }] = panels as [(typeof panels)[0]]
    expect(points.map(({ label, text }) => ({ label, text }))).toEqual(EXAMPLES)
    // Two different texts lie on a line, the same text at the same place.
    expect(explained[0]).toBeCloseTo(1, 5)
    expect(points[0]!.x).toBeCloseTo(points[1]!.x, 5)
    expect(points[2]!.x).toBeCloseTo(-points[0]!.x, 5)
    expect(sameNeighbor).toBe(1)
  })

  it('counts neighbors of the same label', async () => {
    const mixed = EXAMPLES.map(({ text }, i) => ({ text, label: i % 2 === 0 ? 'a' : 'b' }))
    expect((await projectVectors(await classifier(small), mixed)).panels[0]!.sameNeighbor).toBe(0)
  })

  it('shows the same examples with the weights before, and puts its own back', async () => {
    const [task, other] = [await classifier(small), await classifier(small)]
    const encoder = (model: object) =>
      (model as { encoder: { input: { embedding: { weight: { value: tf.Tensor } } } } }).encoder
    const { weight } = encoder(task.model).input.embedding as unknown as {
      weight: { value: tf.Tensor; assign(value: tf.Tensor): void }
    }
    weight.assign(tf.mul(weight.value, 3))
    const tuned = [...weight.value.dataSync()]
    const { panels } = await projectVectors(task, EXAMPLES, { before: other })
    expect(panels).toHaveLength(2)
    expect(panels[0]!.points).toEqual((await projectVectors(other, EXAMPLES)).panels[0]!.points)
    expect(panels[1]!.points).toEqual((await projectVectors(task, EXAMPLES)).panels[0]!.points)
    expect(panels[0]!.points[0]!.x).not.toBeCloseTo(panels[1]!.points[0]!.x, 3)
    expect([...weight.value.dataSync()]).toEqual(tuned)
  })

  it('needs a classifier, examples, and a model before that fits', async () => {
    await expect(projectVectors(await languageModel({}), EXAMPLES)).rejects.toThrow(
      'projection: expected a run that classifies texts or pictures, got mine',
    )
    const task = await classifier(small)
    await expect(projectVectors(task, EXAMPLES.slice(0, 2))).rejects.toThrow('expected at least 3 examples, got 2')
    const before = await languageModel({})
    await expect(projectVectors(task, EXAMPLES, { before })).rejects.toThrow(
      "mine: expected a model with parameters of the paths and shapes of mine ('transformer-classifier'), got 'recurrent-lm' without any",
    )
  })

  it('takes the layers of a language model as those before', async () => {
    const before = await transformer({ numLayers: 1 })
    const { panels } = await projectVectors(await classifier(small), EXAMPLES, { before })
    expect(panels).toHaveLength(2)
  })
})
