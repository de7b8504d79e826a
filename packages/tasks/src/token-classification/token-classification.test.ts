import { RandomStream } from '@heddle/core'
import { useWasm } from '@heddle/kernels'
import { taskContract } from '@heddle/testing/task'
import { expect, it } from 'vitest'
import { registry } from '../test-support/registry.ts'
import { taggedWords } from '../test-support/tiny-examples.ts'
import { tokenClassification } from './token-classification.ts'

const parts = {
  task: tokenClassification,
  registry,
  useBackend: () => useWasm({ threads: 1 }),
  train: taggedWords(8),
  heldOut: taggedWords(5),
  inputs: [['the', 'fox', 'ran'], ['run'], []],
}

taskContract('token-classification', {
  ...parts,
  settings: {
    model: { type: 'word-tagger', wordSize: 4, letterSize: 3, spellingSize: 3, hiddenSize: 4, dropout: 0.2 },
    training: { batchSize: 4 },
  },
})

taskContract('token-classification without spelling', {
  ...parts,
  settings: { model: { type: 'recurrent-tagger', embeddingSize: 4, hiddenSize: 4 }, training: { batchSize: 4 } },
})

taskContract('token-classification with beginnings and ends of words, and a CRF', {
  ...parts,
  settings: {
    attributes: true,
    model: { type: 'word-tagger', wordSize: 4, letterSize: 3, spellingSize: 3, hiddenSize: 4, scoring: 'crf' },
    training: { batchSize: 4 },
  },
})

it('judges tags of spans by whole spans, and tags validly on demand', async () => {
  const train = [
    { words: ['Anna', 'Berg', 'ran'], tags: ['B-PER', 'I-PER', 'O'] },
    { words: ['the', 'fox', 'saw', 'Anna'], tags: ['O', 'O', 'O', 'B-PER'] },
  ]
  const model = { type: 'recurrent-tagger', embeddingSize: 4, hiddenSize: 4 }
  const task = tokenClassification.create(
    { model, constrained: true, training: { batchSize: 2, wordDropout: 0 } },
    { registry, rng: new RandomStream(3) },
  )
  const { best } = await task.fit(train, { validation: train, steps: 2 })
  expect(task.pipeline.metrics[0]).toMatchObject({ name: 'spanF1' })
  expect(best!.value).toBe(best!.metrics['spanF1'])
  expect(best!.metrics).toHaveProperty('strictSpanF1')
  // Valid sequences have the same spans in both modes.
  const metrics = await task.evaluate(train)
  expect(metrics['spanF1']).toBe(metrics['strictSpanF1'])
  task.dispose()
})

it('learns by a CRF which label follows another where words do not tell it', async () => {
  // A word tells nothing of its label, only the number of words before it.
  const train = [2, 3, 4, 5, 6].map((length) => ({
    words: new Array<string>(length).fill('tick'),
    tags: Array.from({ length }, (_, t) => (t % 2 === 0 ? 'left' : 'right')),
  }))
  const model = { type: 'tagger', encoder: { type: 'transformer', hiddenSize: 4, numLayers: 1, numHeads: 1 } }
  const learned = async (scoring: string) => {
    const task = tokenClassification.create(
      {
        model: { ...model, encoder: { ...model.encoder, positions: 'none' }, scoring },
        training: { batchSize: 5, wordDropout: 0, learningRate: 0.3, warmupSteps: 1 },
      },
      { registry, rng: new RandomStream(3) },
    )
    await task.fit(train, { steps: 25 })
    const { accuracy, loss } = await task.evaluate(train)
    const [tagged] = await task.predict([['tick', 'tick']])
    task.dispose()
    return { accuracy, loss: loss!, score: tagged![0]!.score }
  }
  const chain = await learned('crf')
  expect(chain.accuracy).toBe(1)
  expect(chain.loss).toBeLessThan(0.05)
  expect(chain.score).toBeGreaterThan(0.95)
  expect((await learned('softmax')).accuracy).toBeLessThan(0.7)
})

it('refuses weights of single labels beside a CRF', () => {
  const model = { type: 'word-tagger', scoring: 'crf' }
  const create = (training: object) =>
    tokenClassification.create({ model, training }, { registry, rng: new RandomStream(3) }).prepare(taggedWords(4))
  return expect(create({ labelSmoothing: 0.1 })).rejects.toThrow(
    'expected training.labelSmoothing without a CRF, got both. Leave it out, or set model.scoring=softmax.',
  )
})
