import { RandomStream } from '@heddle/core'
import { useWasm } from '@heddle/kernels'
import { modelPoint } from '@heddle/layers'
import { MemoryStore } from '@heddle/trainer'
import { saveCheckpoint } from '@heddle/transformer'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { openTask } from '../run/open-run.ts'
import { registry } from '../test-support/registry.ts'
import { textClassification } from './text-classification.ts'

const words = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'good', 'bad', 'film', 'book', 'very']
const special = (content: string) => ({ id: words.indexOf(content), content, special: true })
const tokenizer = {
  version: '1.0',
  added_tokens: words.slice(0, 4).map(special),
  pre_tokenizer: { type: 'Whitespace' },
  model: { type: 'WordLevel', vocab: Object.fromEntries(words.map((word, id) => [word, id])), unk_token: '[UNK]' },
  post_processor: {
    type: 'TemplateProcessing',
    single: ['[CLS]', 'A', '[SEP]'].map((id) => (id === 'A' ? sequence('A', 0) : token(id, 0))),
    pair: [token('[CLS]', 0), sequence('A', 0), token('[SEP]', 0), sequence('B', 1), token('[SEP]', 1)],
    special_tokens: {
      '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] },
      '[SEP]': { id: '[SEP]', ids: [3], tokens: ['[SEP]'] },
    },
  },
}
function token(id: string, type_id: number) {
  return { SpecialToken: { id, type_id } }
}
function sequence(id: string, type_id: number) {
  return { Sequence: { id, type_id } }
}

/** A folder with a small pre-trained BERT. */
async function folder() {
  const encoder = { type: 'bert', hiddenSize: 16, numLayers: 1, numHeads: 2, maxPositions: 12 }
  const spec = { type: 'bert-pretraining', input: { vocabSize: words.length }, encoder }
  const context = { registry, rng: new RandomStream(3) }
  const files = await saveCheckpoint(registry.create(modelPoint, spec, context), spec, context)
  files.set('tokenizer.json', new TextEncoder().encode(JSON.stringify(tokenizer)))
  return { read: async (file: string) => files.get(file) }
}

const rows = Array.from({ length: 16 }, (_, i) => {
  const [label, object] = [i % 2 === 0 ? 'good' : 'bad', i % 3 === 0 ? 'film' : 'book']
  return i % 4 < 2 ? { text: `${label} ${object}`, label } : { text: `very ${object}`, pair: label, label }
})

describe('textClassification.fromPretrained', () => {
  beforeAll(() => useWasm({ threads: 1 }))

  it('predicts raw texts, fine-tunes all layers on texts and pairs, and is saved as a run', async () => {
    const files = await folder()
    const before = tf.memory().numTensors
    const labels = ['bad', 'good']
    const differences: string[] = []
    const task = await textClassification.fromPretrained(files, {
      ...{ registry, rng: new RandomStream(1), labels },
      config: { training: { learningRate: 3e-3, steps: 60, batchSize: 8 } },
      onDifferences: ({ drawn, unused }) => differences.push(...drawn, `${unused.length} unused`),
    })
    expect(differences).toEqual(['classifier.weight', 'classifier.bias', '7 unused'])
    const [first] = await task.predict(['very good film'])
    expect(Object.keys(first!.scores)).toEqual(labels)
    const untrained = await task.evaluate(rows)
    await task.fit(rows)
    const trained = await task.evaluate(rows)
    expect(trained['accuracy']).toBe(1)
    expect(trained['loss']).toBeLessThan(untrained['loss']! / 2)
    const inputs = ['good film', ['very book', 'bad'] as const]
    const predicted = await task.predict(inputs)
    expect(predicted.map(({ label }) => label)).toEqual(['good', 'bad'])

    const store = new MemoryStore()
    await task.save(store)
    const opened = await openTask(store, registry)
    expect(await opened.predict(inputs)).toEqual(predicted)
    opened.dispose()
    task.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })

  it('cuts a long text so that its special tokens stay', async () => {
    const task = await textClassification.fromPretrained(await folder(), { registry, rng: new RandomStream(1) })
    const { input } = task.pipeline.reader.encode({ text: 'film '.repeat(50), label: '' })
    expect([input.length, input[0], input[input.length - 1]]).toEqual([12, 2, 3])
    task.dispose()
  })

  it('refuses to learn from labels that it was not given, and from nothing', async () => {
    const context = { registry, rng: new RandomStream(1), labels: ['bad', 'good'] }
    const task = await textClassification.fromPretrained(await folder(), context)
    const withOther = [...rows, { text: 'film', label: 'god' }]
    await expect(task.fit(withOther, { steps: 1 })).rejects.toThrow(
      `expected examples with labels of the model, got "god" in example 17. Did you mean 'good'`,
    )
    await expect(task.fit([], { steps: 1 })).rejects.toThrow('expected examples to learn from, got none')
    task.dispose()
  })

  it('refuses a folder of another layout', async () => {
    const read = async () => new TextEncoder().encode('{}')
    await expect(
      textClassification.fromPretrained({ read, name: 'here' }, { registry, rng: new RandomStream(1) }),
    ).rejects.toThrow(/here: expected a folder with the config.json of transformers, got another/)
  })
})
