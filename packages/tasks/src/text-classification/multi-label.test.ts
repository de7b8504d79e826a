import { RandomStream } from '@heddle/core'
import { useWasm } from '@heddle/kernels'
import { taskContract } from '@heddle/testing/task'
import { MemoryStore } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { checkDataset } from '../check/check-dataset.ts'
import { type MemberRun, writeEnsemble } from '../ensemble/combine-runs.ts'
import type { LabelScoresExhibit } from '../exhibits/label-scores.ts'
import { openTask } from '../run/open-run.ts'
import { registry } from '../test-support/registry.ts'
import { judging } from '../uses/judge.ts'
import { naiveBayes, textClassification } from './text-classification.ts'
import { textLabelsAsset } from './text-labels.ts'

const model = { type: 'recurrent-classifier', embeddingSize: 8, hiddenSize: 8, dropout: 0 }

/** Texts of three letters, each of which is a label where it occurs in small. */
const letterSets = (count: number) =>
  Array.from({ length: count }, (_, i) => {
    const letters = ['a', 'b', 'c'].map((letter, bit) => ((i >> bit) & 1 ? letter : letter.toUpperCase()))
    return { text: letters.join('').repeat(1 + (i % 3)), label: letters.filter((letter) => /[abc]/.test(letter)) }
  })

taskContract('text-classification with several labels', {
  task: textClassification,
  registry,
  useBackend: () => useWasm({ threads: 1 }),
  settings: { model: { ...model, dropout: 0.2 }, training: { batchSize: 4, tokenDropout: 0.2 } },
  train: letterSets(12),
  heldOut: letterSets(20).slice(12),
  inputs: ['aBC', 'b', '', 'ab?'],
})

describe('texts with several labels', () => {
  beforeAll(() => useWasm({ threads: 1 }))

  const create = (settings: object = {}, seed = 1) =>
    textClassification.create({ model, ...settings } as never, { registry, rng: new RandomStream(seed) })

  it('are learned, label by label', async () => {
    const task = create({ training: { batchSize: 8, steps: 150, learningRate: 2e-2, warmupSteps: 5, tokenDropout: 0 } })
    const examples = letterSets(24)
    const { best } = await task.fit(examples, { validation: examples })
    expect(best!.value).toBe(best!.metrics['microF1'])
    const metrics = await task.evaluate(examples)
    expect(Object.keys(metrics)).toEqual([
      ...['microF1', 'macroF1', 'precision', 'recall', 'subsetAccuracy'],
      ...['untunedMicroF1', 'rankingPrecision', 'loss', 'examples'],
    ])
    expect(metrics['subsetAccuracy']).toBeGreaterThan(0.9)
    expect(metrics['rankingPrecision']).toBeGreaterThan(0.95)
    const [both, none] = await task.predict(['aBc', 'ABC'])
    expect([...both!.labels!].sort()).toEqual(['a', 'c'])
    expect(both!.label).toBe(both!.labels![0])
    expect(none!.labels).toEqual([])
    const { pipeline } = task
    expect(pipeline.row!(both!)).toEqual({ prediction: both!.labels, scores: both!.scores })
    expect(pipeline.format(none!)).toBe('no label')
    expect(pipeline.format({ ...both!, labels: ['c'], scores: { c: 0.976 } })).toBe('c (98 %)')
    const exhibits = await task.demonstrate(examples)
    const { scores } = exhibits.find(({ kind }) => kind === 'label-scores') as LabelScoresExhibit
    expect(scores.map(({ label, count }) => [label, count])).toEqual([
      ['a', 12],
      ['b', 12],
      ['c', 12],
    ])
    const [judged] = await judging.find(pipeline.abilities)!.judge(examples.slice(5, 6))
    expect(judged).toMatchObject({ gold: ['a', 'c'], prediction: expect.arrayContaining(['a', 'c']) })
    task.dispose()
  })

  it('have the binary cross-entropy of PyTorch, with weights of positive targets', async () => {
    const examples = [...letterSets(8), ...letterSets(2)]
    const task = create({ training: { classWeights: 'balanced', batchSize: 10, tokenDropout: 0 } })
    await task.prepare(examples)
    const { learning, reader } = task.pipeline
    if (!('objective' in learning)) throw new Error('expected a model that learns step by step')
    const encoded = examples.map((example) => reader.encode(example))
    await learning.trainingBatches(examples, new RandomStream(1))
    const batch = learning.objective.collate(encoded)
    const logits = tf.tidy(() => {
      const { logits } = (task.model as unknown as { forward(...x: tf.Tensor[]): { logits: tf.Tensor } }).forward(
        ...batch.inputs,
      )
      return logits.arraySync() as number[][]
    })
    const target = (i: number, c: number) => Number(examples[i]!.label.includes('abc'[c]!))
    // (N - n) / n with 5, 4 and 4 of the 10 examples.
    const mean = (weights: readonly number[]) => {
      let sum = 0
      for (const [i, row] of logits.entries()) {
        for (const [c, x] of row.entries()) {
          const p = 1 / (1 + Math.exp(-x))
          sum -= target(i, c) === 1 ? weights[c]! * Math.log(p) : Math.log(1 - p)
        }
      }
      return sum / (3 * logits.length)
    }
    const lossIn = (training: boolean) =>
      tf.tidy(() => learning.objective.loss(batch, { step: 0, training }).loss.dataSync()[0]!)
    expect(lossIn(false)).toBeCloseTo(mean([1, 1, 1]), 5)
    expect(lossIn(true)).toBeCloseTo(mean([1, 1.5, 1.5]), 5)
    expect((await task.evaluate(examples))['loss']).toBeCloseTo(mean([1, 1, 1]), 5)
    tf.dispose([batch.targets, ...batch.inputs])
    task.dispose()
  })

  it('may be judged by labels that training did not meet, and by texts without any', async () => {
    const task = create()
    await task.fit(letterSets(8), { steps: 1 })
    const heldOut = [
      { text: 'aBC', label: ['a', 'new'] },
      { text: 'x', label: [] },
      { text: 'b', label: 'b' },
    ]
    const { unknownLabels, examples, loss } = await task.evaluate(heldOut)
    expect([unknownLabels, examples]).toEqual([1, 3])
    expect(loss).toBeGreaterThan(0)
    const facts = await checkDataset(task, { train: letterSets(8), validation: [], test: heldOut })
    const message = (name: string) => facts.find(({ check }) => check === name)?.message
    expect(message('labels')).toBe('3 labels: a 4, b 4, c 4')
    expect(message('unseen')).toContain('1 of 3 (33 %) held-out labels do not occur in training')
    task.dispose()
  })

  it('take a threshold, and the setting multiLabel for data whose labels are single', async () => {
    const examples = letterSets(8).map(({ text }, i) => ({ text, label: i === 0 ? '' : 'abc'[i % 3]! }))
    for (const [threshold, number] of [
      [0.0001, 3],
      [0.9999, 0],
    ] as const) {
      const task = create({ multiLabel: true, threshold })
      await task.fit(examples, { steps: 1 })
      const [prediction] = await task.predict(['abc'])
      expect(prediction!.labels).toHaveLength(number)
      task.dispose()
    }
    const single = create({ multiLabel: false })
    await expect(single.fit(letterSets(8), { steps: 1 })).rejects.toThrow(
      'expected one label for each text, got the list',
    )
    single.dispose()
    const none = create()
    const unlabeled = letterSets(8).map(({ text }) => ({ text, label: [] }))
    await expect(none.fit(unlabeled, { steps: 1 })).rejects.toThrow('expected at least one label, got none')
  })

  it('have a baseline that decides each label by naive Bayes', async () => {
    const train = letterSets(16)
    const task = create()
    await task.prepare(train)
    const parts = { train, validation: [], test: train, heldOut: train, pipeline: task.pipeline }
    expect(await naiveBayes(parts)).toEqual({ microF1: 1, macroF1: 1, subsetAccuracy: 1 })
    task.dispose()
  })

  describe('thresholds', () => {
    /** A trained task with weak probabilities, so that 0.5 is not the best threshold. */
    const train = async (settings: object = {}, store?: MemoryStore) => {
      const training = {
        steps: 25,
        batchSize: 8,
        learningRate: 1e-2,
        classWeights: { a: 0.05, c: 3 },
        monitor: 'microF1',
      }
      const task = create({ ...settings, training: { ...training, ...(settings as { training?: object }).training } })
      const validation = letterSets(40).slice(24)
      const result = await task.fit(letterSets(24), { validation, ...(store && { store }) })
      const scores = (await task.predict(validation.map(({ text }) => text))).map((each) => each.scores)
      /** F1 of the labels from thresholds on, over all decisions or as the mean over labels. */
      const f1 = (thresholds: Record<string, number>, average: 'micro' | 'macro') => {
        const counts = ['a', 'b', 'c'].map((label) => {
          const isPredicted = scores.map((each) => each[label]! >= thresholds[label]!)
          const isGold = validation.map((each) => each.label.includes(label))
          const both = isPredicted.filter((predicted, i) => predicted && isGold[i]).length
          return [2 * both, isPredicted.filter(Boolean).length + isGold.filter(Boolean).length] as const
        })
        if (average === 'macro') return counts.reduce((sum, [hits, all]) => sum + hits / all / 3, 0)
        return counts.reduce((sum, [hits]) => sum + hits, 0) / counts.reduce((sum, [, all]) => sum + all, 0)
      }
      const every = (label: string) => [0, ...new Set(scores.map((each) => each[label]!)), 1]
      const shared = ['a', 'b', 'c'].flatMap(every).map((t) => ({ a: t, b: t, c: t }))
      const own = every('a').flatMap((a) => every('b').flatMap((b) => every('c').map((c) => ({ a, b, c }))))
      const highest = (all: typeof own, average: 'micro' | 'macro') => Math.max(...all.map((each) => f1(each, average)))
      return { task, validation, result, f1, shared, own, highest }
    }

    it('are tuned on the validation part: no other one has a higher F1 there', async () => {
      const { task, validation, result, f1, shared, own, highest } = await train()
      const metrics = await task.evaluate(validation)
      expect(metrics['microF1']).toBeCloseTo(highest(shared, 'micro'), 12)
      expect(metrics['untunedMicroF1']).toBeCloseTo(f1({ a: 0.5, b: 0.5, c: 0.5 }, 'micro'), 12)
      expect(metrics['microF1']).toBeGreaterThan(metrics['untunedMicroF1']! + 0.05)
      expect(metrics['microF1']).toBeLessThan(highest(own, 'micro') - 0.01)
      expect(result.best!.value).toBe(metrics['microF1'])
      task.dispose()
    })

    it.each([
      ['micro', 'microF1'],
      ['macro', 'macroF1'],
    ] as const)('are tuned by label for the %s-averaged F1 that is monitored', async (average, monitor) => {
      const { task, validation, own, highest } = await train({ threshold: 'tuned-by-label', training: { monitor } })
      expect((await task.evaluate(validation))[monitor]).toBeCloseTo(highest(own, average), 12)
      task.dispose()
    })

    it('are kept with the run, and shown with the scores of the labels', async () => {
      const store = new MemoryStore()
      const { task, validation } = await train({ threshold: 'tuned-by-label' }, store)
      const opened = await openTask(store, registry)
      const texts = validation.map(({ text }) => text)
      expect(await opened.predict(texts)).toEqual(await task.predict(texts))
      expect(await opened.evaluate(validation)).toEqual(await task.evaluate(validation))
      const { thresholds } = JSON.parse(new TextDecoder().decode((await store.read('labels.json'))!))
      const { scores } = (await opened.demonstrate(validation)).find(
        ({ kind }) => kind === 'label-scores',
      ) as LabelScoresExhibit
      expect(Object.fromEntries(scores.map(({ label, threshold }) => [label, threshold]))).toEqual({
        ...{ a: thresholds[0], b: thresholds[1], c: thresholds[2] },
      })
      task.dispose()
      opened.dispose()
    })

    it('are tuned by a run that goes on where it was stopped before that', async () => {
      const store = new MemoryStore()
      const { task, validation } = await train({}, store)
      const tuned = (await store.read('labels.json'))!
      expect(new TextDecoder().decode(tuned)).toContain('thresholds')
      await store.write('labels.json', new TextEncoder().encode('{ "multiLabel": true, "labels": ["a", "b", "c"] }'))
      const again = await openTask(store, registry)
      const aborted = AbortSignal.abort(new Error('stopped'))
      const options = { validation, store, resume: true }
      await expect(again.fit(letterSets(24), { ...options, signal: aborted })).rejects.toThrow('stopped')
      await again.fit(letterSets(24), options)
      expect(await store.read('labels.json')).toEqual(tuned)
      expect(await again.evaluate(validation)).toEqual(await task.evaluate(validation))
      task.dispose()
      again.dispose()
    })

    it('are 0.5 without a validation part, and one that is given stays', async () => {
      const task = create({ training: { steps: 1 } })
      await task.fit(letterSets(8))
      expect(task.files.get('labels.json')).toEqual({ multiLabel: true, labels: ['a', 'b', 'c'] })
      expect(await task.evaluate(letterSets(8))).not.toHaveProperty('untunedMicroF1')
      task.dispose()
      const { task: given, validation } = await train({ threshold: 0.4 })
      expect(given.files.get('labels.json')).not.toHaveProperty('thresholds')
      const [prediction] = await given.predict([validation[5]!.text])
      const { scores, labels } = prediction!
      expect([...labels!].sort()).toEqual(['a', 'b', 'c'].filter((label) => scores[label]! >= 0.4))
      given.dispose()
    })

    it('of an ensemble are the mean of those of its members', () => {
      const file = (...thresholds: number[]) => ({ multiLabel: true, labels: ['a', 'b'], thresholds })
      expect(textLabelsAsset.combine!([file(0.2, 0.4), file(0.4, 0.8)])).toEqual({
        ...{ multiLabel: true, labels: ['a', 'b'] },
        thresholds: [expect.closeTo(0.3, 12), expect.closeTo(0.6, 12)],
      })
      expect(textLabelsAsset.combine!([file(0.2, 0.4), { multiLabel: true, labels: ['a', 'b'] }])).toEqual({
        ...{ multiLabel: true, labels: ['a', 'b'] },
        thresholds: undefined,
      })
      expect(textLabelsAsset.combine!([file(0.2, 0.4), { multiLabel: true, labels: ['a', 'c'] }])).toBeUndefined()
      expect(textLabelsAsset.combine!([['a'], ['a']])).toEqual(['a'])
      expect(() => textLabelsAsset.fromJSON(file(0.2), 'run/labels.json')).toThrow(
        'run/labels.json: expected thresholds of 2 labels, got',
      )
    })
  })

  it('average their probabilities in an ensemble', async () => {
    const members: MemberRun[] = []
    for (const seed of [1, 2]) {
      const task = create({ training: { steps: 3, batchSize: 4 } }, seed)
      await task.fit(letterSets(8))
      const store = new MemoryStore()
      await task.save(store)
      task.dispose()
      members.push({ name: `run ${seed}`, store })
    }
    const store = new MemoryStore()
    await writeEnsemble(members, store, registry)
    const scores: Record<string, number>[] = []
    for (const each of [...members, { store }]) {
      const task = await openTask(each.store, registry)
      scores.push((await task.predict(['abC']))[0].scores)
      task.dispose()
    }
    for (const label of ['a', 'b', 'c']) {
      expect(scores[2]![label]).toBeCloseTo((scores[0]![label]! + scores[1]![label]!) / 2, 5)
    }
  })

  it('are read from and written to the config.json of transformers', async () => {
    const folder = (problem_type?: string) => ({
      read: async (file: string) =>
        file === 'config.json'
          ? new TextEncoder().encode(JSON.stringify({ problem_type, id2label: { 0: 'a', 1: 'b' } }))
          : undefined,
    })
    const multi = await textLabelsAsset.fromFolder!(folder('multi_label_classification'))
    expect(multi).toEqual({ names: ['a', 'b'], isMultiLabel: true })
    expect((await textLabelsAsset.fromFolder!(folder()))!.isMultiLabel).toBe(false)
    expect(textLabelsAsset.toFolder!(multi!, {}).fields).toEqual({
      ...{ id2label: { 0: 'a', 1: 'b' }, label2id: { a: 0, b: 1 } },
      problem_type: 'multi_label_classification',
    })
    expect(textLabelsAsset.fromJSON(textLabelsAsset.toJSON(multi!), 'x')).toEqual(multi)
    expect(textLabelsAsset.covers!(multi!, { names: ['a'], isMultiLabel: false })).toBe(false)
    expect(textLabelsAsset.covers!(multi!, { names: ['a'], isMultiLabel: true })).toBe(true)
  })
})
