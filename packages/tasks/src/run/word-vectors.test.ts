import { RandomStream } from '@heddle/core'
import { memorySource } from '@heddle/data'
import { useWasm } from '@heddle/kernels'
import type { Embedding } from '@heddle/layers'
import { beforeAll, expect, it } from 'vitest'
import { registry } from '../test-support/registry.ts'
import { trained } from '../test-support/trained.ts'
import { textClassification } from '../text-classification/text-classification.ts'
import { tokenClassification } from '../token-classification/token-classification.ts'
import { takeWordVectors } from './word-vectors.ts'

beforeAll(() => useWasm({ threads: 1 }))

const file = (text: string) => memorySource('words.vec', text).files[0]!
const prepared = async () => {
  const model = { type: 'word-tagger', wordSize: 3, letterSize: 2, spellingSize: 2, hiddenSize: 2 }
  const task = tokenClassification.create({ model }, { registry, rng: new RandomStream(1) })
  const sentence = { words: ['The', 'loom', 'sings'], tags: ['DET', 'NOUN', 'VERB'] }
  await task.prepare([sentence, sentence])
  return task
}

it('fills the rows of known words, in small letters too, and leaves the others', async () => {
  const task = await prepared()
  const { weight } = (task.model as unknown as { words: Embedding }).words
  const before = weight.value.arraySync() as number[][]
  expect(await takeWordVectors(task, file('3 3\nloom 1 2 3\nthe 4 5 6\nother 7 8 9\n'))).toEqual({ found: 2, of: 3 })
  const { rows } = task.pipeline.wordTable!
  const after = weight.value.arraySync() as number[][]
  expect(after[rows.get('loom')!]).toEqual([1, 2, 3])
  expect(after[rows.get('The')!]).toEqual([4, 5, 6])
  for (const row of [0, rows.get('sings')!]) expect(after[row]).toEqual(before[row])
  task.dispose()
})

it('says which size is needed, and which models have a table of words', async () => {
  const task = await prepared()
  await expect(takeWordVectors(task, file('loom 1 2\n'))).rejects.toThrow(
    'expected vectors of size 3, as the model has them, got 2 in words.vec. Set model.wordSize to 2.',
  )
  task.dispose()
  const { run } = await trained('tiny-pairs')
  await expect(takeWordVectors(run.task, file('loom 1 2\n'))).rejects.toThrow('expected a model with a table of words')
})

it.each([
  ['words', { type: 'recurrent-classifier', embeddingSize: 2, hiddenSize: 2 }, 'model.embeddingSize'],
  [
    'word-pieces',
    { type: 'classifier', encoder: { type: 'bert', hiddenSize: 2, numHeads: 1, numLayers: 1 } },
    'model.encoder.hiddenSize',
  ],
] as const)('fills the table of a classifier of %s', async (units, model, setting) => {
  const task = textClassification.create({ model, tokenizer: { units } } as never, {
    registry,
    rng: new RandomStream(1),
  })
  const texts = Array.from({ length: 40 }, (_, i) => ({ text: i % 2 ? 'good film.' : 'bad film.', label: `${i % 2}` }))
  await task.prepare(texts)
  const { weight, rows, sizeSetting } = task.pipeline.wordTable!
  const before = weight.value.arraySync() as number[][]
  expect((await takeWordVectors(task, file('film 1 2\n. 3 4\n[PAD] 5 6\n<pad> 5 6\n'))).found).toBe(2)
  const after = weight.value.arraySync() as number[][]
  expect([after[rows.get('film')!], after[rows.get('.')!]]).toEqual([
    [1, 2],
    [3, 4],
  ])
  expect(after[rows.get('good')!]).toEqual(before[rows.get('good')!])
  expect(after[0]).toEqual(before[0])
  expect(sizeSetting).toBe(setting)
  await expect(takeWordVectors(task, file('film 1 2 3\n'))).rejects.toThrow(`Set ${setting} to 3.`)
  task.dispose()
})
