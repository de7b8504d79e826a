import { createRegistry, RandomStream } from '@heddle/core'
import { useWasm } from '@heddle/kernels'
import { Embedding, Linear, Module, modelPoint } from '@heddle/layers'
import { MemoryStore } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { openTask } from '../run/open-run.ts'
import { plugins, registry } from '../test-support/registry.ts'
import { letterTexts } from '../test-support/tiny-examples.ts'
import { textClassification } from '../text-classification/text-classification.ts'
import { textToText } from '../text-to-text/text-to-text.ts'

beforeAll(() => useWasm({ threads: 1 }))

const rows = letterTexts(24)
const validation = letterTexts(40).slice(24)
const context = (seed = 1) => ({ registry, rng: new RandomStream(seed) })
const model = { type: 'recurrent-classifier', embeddingSize: 4, hiddenSize: 8 }
const training = { batchSize: 8, learningRate: 0.05, warmupSteps: 2, evaluateEvery: 10 }

/** Scores the mean of word vectors. */
const bagConfig = z.strictObject({
  input: z.object({ vocabSize: z.int() }).describe('size of the vocabulary'),
  numLabels: z.int().describe('number of labels'),
  size: z.int().default(6).describe('size of a token vector'),
})
class Bag extends Module {
  readonly embedding: Embedding
  readonly output: Linear

  constructor({ input, numLabels, size }: z.output<typeof bagConfig>, rng: RandomStream) {
    super()
    this.embedding = new Embedding({ numEmbeddings: input.vocabSize, embeddingSize: size }, rng)
    this.output = new Linear({ inputSize: size, outputSize: numLabels }, rng)
  }

  override forward(ids: tf.Tensor): { logits: tf.Tensor } {
    return { logits: this.output.forward(tf.mean(this.embedding.forward(ids), 1)) }
  }
}
const acme = {
  name: 'acme',
  version: '1.2.0',
  contributes: [
    modelPoint.of({
      name: 'acme/bag',
      summary: 'the mean of token vectors',
      config: bagConfig,
      create: (config, { rng }) => new Bag(config, rng),
    }),
  ],
}

describe('Task', () => {
  it('learns, evaluates, predicts, is saved and opened', async () => {
    const classifier = textClassification.create({ model, training }, context())
    await classifier.fit(rows, { validation, steps: 60 })
    const metrics = await classifier.evaluate(validation)
    // Half of the texts have each label.
    expect(metrics['accuracy']).toBeGreaterThan(0.9)
    expect(Object.keys(metrics)).toEqual(expect.arrayContaining(['accuracy', 'f1', 'loss']))
    const [prediction] = await classifier.predict(['aaa'])
    expect(prediction!.label).toBe('A')
    expect(prediction!.score).toBe(prediction!.scores['A'])
    expect(prediction!.scores['A']! + prediction!.scores['B']!).toBeCloseTo(1, 5)
    const store = new MemoryStore()
    await classifier.save(store)
    const opened = await openTask(store, registry)
    expect(await opened.predict(['aaa', 'b7'])).toEqual(await classifier.predict(['aaa', 'b7']))
    classifier.dispose()
    opened.dispose()
  })

  it('trains further from where it stands when it is fitted again', async () => {
    const task = textClassification.create({ model, training }, context())
    await task.fit(rows, { steps: 10 })
    const { model: built } = task
    const { loss: before } = await task.evaluate(rows)
    await task.fit(rows.slice(0, 12), { steps: 20 })
    expect(task.model).toBe(built)
    expect((await task.evaluate(rows))['loss']).toBeLessThan(before!)
    task.dispose()
  })

  it('takes a model of another family, of a plugin or of another package', async () => {
    const withAcme = createRegistry([...plugins, acme])
    const task = textClassification.create(
      { model: { type: 'acme/bag', size: 5 }, training: { ...training, tokenDropout: 0 } },
      { registry: withAcme, rng: new RandomStream(1) },
    )
    await task.fit(rows, { validation, steps: 60 })
    expect((await task.evaluate(validation))['accuracy']).toBeGreaterThan(0.9)
    expect(task.modelSpec).toMatchObject({ type: 'acme/bag', size: 5, numLabels: 2 })
    const store = new MemoryStore()
    await task.save(store)
    const opened = await openTask(store, withAcme)
    expect(await opened.predict(['ab'])).toEqual(await task.predict(['ab']))
    await expect(openTask(store, registry, 'runs/bag')).rejects.toThrow(
      "runs/bag: expected model 'acme/bag', provided by plugin 'acme' 1.2.0, got no such part.",
    )
    opened.dispose()
    task.dispose()
  })

  it('does not depend on how often it is used between two fits', async () => {
    const [used, unused] = [1, 2].map(() => textClassification.create({ model, training }, context()))
    for (const task of [used!, unused!]) {
      await task.fit(rows, { steps: 3 })
      if (task === used) await task.demonstrate(validation)
      await task.fit(rows, { steps: 3 })
    }
    expect(await used!.evaluate(validation)).toEqual(await unused!.evaluate(validation))
    used!.dispose()
    unused!.dispose()
  })
})

describe('mistakes in the settings', () => {
  it.each<[string, object, string]>([
    ['an unknown model', { model: 'recurrent-clasifier' }, 'no model is named "recurrent-clasifier". Did you mean'],
    ['an unknown metric', { metrics: ['acuracy'] }, 'no metric is named "acuracy". Did you mean'],
    ['a wrong setting of a metric', { metrics: [{ type: 'accuracy', top: 3 }] }, "unknown key 'top'"],
    ['an unknown optimizer', { training: { optimizer: 'adm' } }, 'no optimizer is named "adm"'],
    ['an unknown schedule', { training: { schedule: 'cosinus' } }, 'no schedule is named "cosinus"'],
    ['an unknown setting of the model', { model: { ...model, hidenSize: 3 } }, "unknown key 'hidenSize'. Did you mean"],
    ['a wrong setting of the model', { model: { ...model, hiddenSize: 0 } }, "'hiddenSize': too small"],
    [
      'an unknown part of the model',
      { model: { ...model, cell: 'gro' } },
      'no cell is named "gro". Did you mean \'gru\'',
    ],
    [
      'a wrong setting of a part',
      { model: { ...model, cell: { type: 'gru', size: 1 } } },
      "cell 'gru': unknown key 'size'",
    ],
    ['an unknown setting', { training: { step: 3 } }, "unknown key 'training.step'. Did you mean 'steps'"],
  ])('show before there are data: %s', (_, settings, message) => {
    expect(() => textClassification.create(settings, context())).toThrow(message)
  })

  it('a size of the model that the data decide is refused, not replaced', async () => {
    const task = textClassification.create({ model: { ...model, numLabels: 7 } }, context())
    await expect(task.fit(rows)).rejects.toThrow(
      "task 'text-classification': expected a model without numLabels, as the data decide it, got 7. Leave it out.",
    )
  })

  it('a model of another kind of task is refused, with those that fit', async () => {
    const task = textClassification.create({ model: 'recurrent-lm' }, context())
    await expect(task.fit(rows)).rejects.toThrow(
      /expected a model that takes the settings input, numLabels, got 'recurrent-lm', which is for another kind of task\. Choose .*'recurrent-classifier'/,
    )
  })

  it('a monitor that validation does not have is refused before anything is kept', async () => {
    const store = new MemoryStore()
    const task = textClassification.create({ model, training: { ...training, monitor: 'acuracy' } }, context())
    const before = tf.memory().numTensors
    await expect(task.fit(rows, { validation, store })).rejects.toThrow(
      "task 'text-classification': expected training.monitor to be a metric that the validation examples have, got 'acuracy'. Did you mean 'accuracy'?",
    )
    expect(await store.list('')).toEqual([])
    task.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })

  it('no examples at all, or examples of one label, are refused', async () => {
    const task = textClassification.create({ model }, context())
    await expect(task.fit([])).rejects.toThrow('expected at least one training example, got none')
    await expect(task.fit([{ text: 'a', label: 'x' }])).rejects.toThrow(
      'expected at least two different labels, got "x"',
    )
  })

  it('a store that holds a run is refused, and so is a task that the registry lacks', async () => {
    const store = new MemoryStore()
    const task = textClassification.create({ model }, context())
    await task.fit(rows, { steps: 1, store })
    await expect(task.save(store)).rejects.toThrow('expected an empty store, got a run')
    task.dispose()
    const lacking = { registry: createRegistry(plugins.filter(({ name }) => name !== '@heddle/tasks')) }
    const other = textClassification.create({ model }, { ...context(), ...lacking })
    await other.fit(rows, { steps: 1 })
    await expect(other.save(new MemoryStore())).rejects.toThrow('no task is named "text-classification"')
    other.dispose()
  })
})

describe('memory', () => {
  it('is free after a model that its task cannot use', async () => {
    const settings = { model: { type: 'recurrent-classifier' } }
    const before = tf.memory().numTensors
    const task = textToText.create(settings, { registry, rng: new RandomStream(1) })
    await expect(task.fit([{ source: 'a', target: 'b' }])).rejects.toThrow(/recurrent-classifier|encode and step/)
    expect(tf.memory().numTensors).toBe(before)
  })
})
