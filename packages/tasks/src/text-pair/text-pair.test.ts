import { attentionPlugin } from '@heddle/attention'
import { createRegistry, RandomStream } from '@heddle/core'
import { useWasm } from '@heddle/kernels'
import { layersPlugin } from '@heddle/layers'
import { metricsPlugin } from '@heddle/metrics'
import { taskContract } from '@heddle/testing/task'
import { trainerPlugin } from '@heddle/trainer'
import { transformerPlugin } from '@heddle/transformer'
import { beforeAll, describe, expect, it } from 'vitest'
import { checkDataset } from '../check/check-dataset.ts'
import { tasksPlugin } from '../plugin.ts'
import { textReading } from '../uses/read-text.ts'
import { areScores, pairLabelsAsset } from './pair-target.ts'
import { splitPair } from './read-pair-text.ts'
import { textPairs } from './text-pair.ts'

const registry = createRegistry([
  layersPlugin,
  attentionPlugin,
  transformerPlugin,
  trainerPlugin,
  metricsPlugin,
  tasksPlugin,
])
const COLORS = ['red', 'blue', 'green']
const pairs = (count: number, scored = false) =>
  Array.from({ length: count }, (_, i) => {
    const [first, second] = [COLORS[i % 3]!, COLORS[(i + (i % 2)) % 3]!]
    const same = first === second
    return {
      text: `a ${first} box ${i}`,
      pair: `${second} box`,
      label: scored ? (same ? 4.5 : 1) : same ? 'yes' : 'no',
    }
  })
const settings = {
  model: { type: 'classifier', encoder: { type: 'bert', hiddenSize: 8, numLayers: 1, numHeads: 2 } },
  tokenizer: { vocabSize: 64 },
  training: { batchSize: 4 },
}
const shared = {
  ...{ task: textPairs, registry, settings, useBackend: () => useWasm({ threads: 1 }) },
  inputs: [['a red box', 'red box'] as const, ['', 'blue'] as const],
}

taskContract('text-pair with labels', { ...shared, train: pairs(12), heldOut: pairs(6) })
taskContract('text-pair with scores', { ...shared, train: pairs(12, true), heldOut: pairs(6, true) })

describe('targets', () => {
  it.each([
    [['0', '1', '1'], false],
    [['1', '2.5'], true],
    [Array.from({ length: 12 }, (_, i) => i), true],
    [['yes', '1.5'], false],
    [['', '1.5'], false],
  ])('%j are scores: %s', (labels, expected) => {
    expect(areScores(labels)).toBe(expected)
  })

  it('a head of one label fits any score, and is written as a regression', () => {
    expect(pairLabelsAsset.covers!(['LABEL_0'], ['score'])).toBe(true)
    expect(pairLabelsAsset.covers!(['a', 'b'], ['score'])).toBe(false)
    expect(pairLabelsAsset.covers!(['a', 'b'], ['b'])).toBe(false)
    const { fields } = pairLabelsAsset.toFolder!(['score'], {})
    expect(fields).toMatchObject({ problem_type: 'regression', id2label: { 0: 'score' } })
  })
})

describe('text-pair', () => {
  beforeAll(() => useWasm({ threads: 1 }))

  const create = (more: object = {}) =>
    textPairs.create({ ...settings, ...more } as never, { registry, rng: new RandomStream(2) })

  it('learns a number, whose correlation is monitored', async () => {
    const train = pairs(24).map((each, i) => ({ ...each, label: (i % 3) + 0.5 }))
    const task = create({ training: { batchSize: 8, learningRate: 2e-2, steps: 120, warmupSteps: 5 } })
    const { best } = await task.fit(train, { validation: train })
    expect(best!.value).toBe(best!.metrics['pearson'])
    const { pearson, loss } = await task.evaluate(train)
    expect(pearson).toBeGreaterThan(0.7)
    expect(loss).toBeLessThan(0.5)
    const [same] = await task.predict([['a red box', 'red box']])
    expect(task.pipeline.format(same!)).toMatch(/^\d\.\d\d$/)
    task.dispose()
  })

  it('takes whole numbers for scores, or numbers for labels, on demand', async () => {
    const numbered = pairs(12).map((each) => ({ ...each, label: each.label === 'yes' ? 1 : 0 }))
    for (const [targets, labels] of [
      ['auto', ['0', '1']],
      ['scores', ['score']],
    ] as const) {
      const task = create({ targets })
      await task.fit(numbered, { steps: 1 })
      expect(task.pipeline.labels).toEqual(labels)
      task.dispose()
    }
    const wrong = create({ targets: 'scores' })
    await expect(wrong.fit(pairs(12), { steps: 1 })).rejects.toThrow(
      /expected a number as the score of each pair, got "?(yes|no)/,
    )
    wrong.dispose()
  })

  it('cuts the longer text first, and shows both with their special tokens', async () => {
    const task = create({ maxLength: 10 })
    await task.fit(pairs(12), { steps: 1 })
    const { input, segments } = task.pipeline.reader.encode({ text: 'red '.repeat(20), pair: 'blue box', label: '' })
    expect(input).toHaveLength(10)
    expect(Array.from(segments!).filter((segment) => segment === 1)).toHaveLength(3)
    const reader = textReading.find(task.pipeline.abilities)!
    const read = reader.read('a red box ||| blue box')
    expect(read.tokens.map(({ text }) => text).join(' ')).toMatch(/^\[CLS\] a red box \[SEP\] blue box \[SEP\]$/)
    expect(() => splitPair('one text')).toThrow("expected two texts with a tab or '|||' between them")
    task.dispose()
  })
})

it('a check of the data counts labels, not scores, and finds pairs of two parts', async () => {
  await useWasm({ threads: 1 })
  const warningsOf = async (scored: boolean) => {
    const task = textPairs.create(settings, { registry, rng: new RandomStream(1) })
    const train = pairs(12, scored)
    await task.prepare(train)
    const findings = await checkDataset(task, {
      train,
      validation: [{ ...train[0]!, label: scored ? 2 : 'new' }],
      test: [],
    })
    task.dispose()
    return findings.filter(({ isWarning }) => isWarning).map(({ check }) => check)
  }
  expect(await warningsOf(false)).toEqual(['parts', 'contradictions', 'unseen'])
  expect(await warningsOf(true)).toEqual(['parts'])
})
