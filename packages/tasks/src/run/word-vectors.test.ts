import { type PartSpec, RandomStream } from '@heddle/core'
import { memorySource } from '@heddle/data'
import { useWasm } from '@heddle/kernels'
import type { Embedding } from '@heddle/layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { imageToText } from '../image-to-text/image-to-text.ts'
import type { WordTable } from '../task/pipeline.ts'
import { mergeSettings, type Settings } from '../task/settings.ts'
import { registry } from '../test-support/registry.ts'
import { textClassification } from '../text-classification/text-classification.ts'
import { textToText } from '../text-to-text/text-to-text.ts'
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
  const vectors = file('3 3\nloom 1 2 3\nthe 4 5 6\nother 7 8 9\n')
  expect(await takeWordVectors(task, { vectors })).toEqual([{ file: 'words.vec', found: 2, of: 3 }])
  const { rows } = task.pipeline.wordTable!
  const after = weight.value.arraySync() as number[][]
  expect(after[rows.get('loom')!]).toEqual([1, 2, 3])
  expect(after[rows.get('The')!]).toEqual([4, 5, 6])
  for (const row of [0, rows.get('sings')!]) expect(after[row]).toEqual(before[row])
  task.dispose()
})

it('says which size is needed, and which models have a table of words', async () => {
  const task = await prepared()
  await expect(takeWordVectors(task, { vectors: file('loom 1 2\n') })).rejects.toThrow(
    'expected vectors of size 3, as the model has them, got 2 in words.vec. Set model.wordSize to 2.',
  )
  task.dispose()
  const other = await prepared()
  await expect(takeWordVectors(other, { targetVectors: file('loom 1 2 3\n') })).rejects.toThrow(
    /expected a model with a table of the words that it writes .* got a run of 'token-classification' without one. Give them as vectors/,
  )
  other.dispose()
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
  const vectors = file('film 1 2\n. 3 4\n[PAD] 5 6\n<pad> 5 6\n')
  expect(await takeWordVectors(task, { vectors })).toMatchObject([{ found: 2 }])
  const after = weight.value.arraySync() as number[][]
  expect([after[rows.get('film')!], after[rows.get('.')!]]).toEqual([
    [1, 2],
    [3, 4],
  ])
  expect(after[rows.get('good')!]).toEqual(before[rows.get('good')!])
  expect(after[0]).toEqual(before[0])
  expect(sizeSetting).toBe(setting)
  await expect(takeWordVectors(task, { vectors: file('film 1 2 3\n') })).rejects.toThrow(`Set ${setting} to 3.`)
  task.dispose()
})

describe('text to text', () => {
  // As many words on both sides, so that the sizes of the tables do not tell them apart.
  const pairs = [
    { source: 'red loom', target: 'rot webstuhl' },
    { source: 'blue thread', target: 'blau faden' },
  ]
  const create = async (model: PartSpec, tokenizer: Settings = {}) => {
    const config = { model, tokenizer: { units: 'words', ...tokenizer } }
    const task = textToText.create(config as never, { registry, rng: new RandomStream(1) })
    await task.prepare([...pairs, ...pairs])
    return task
  }
  const rowOf = ({ weight, rows }: WordTable, word: string) => (weight.value.arraySync() as number[][])[rows.get(word)!]
  const english = file('2 2\nloom 1 2\nred 3 4\n')
  const german = file('2 2\nblau 5 6\nloom 9 9\n')

  it.each([
    [{ type: 'recurrent-seq2seq', embeddingSize: 2, hiddenSize: 2 }, 'encoder.embeddingSize', 'decoder.embeddingSize'],
    [{ type: 'transformer-seq2seq', hiddenSize: 2, numHeads: 1 }, 'encoder.hiddenSize', 'hiddenSize'],
  ])('gives each side of %o vectors of its own', async (model, source, target) => {
    const task = await create(model)
    const { wordTable, targetWordTable } = task.pipeline
    const untouched = rowOf(targetWordTable!, 'webstuhl')
    expect(await takeWordVectors(task, { vectors: english, targetVectors: german })).toMatchObject([
      { found: 2, of: 4 },
      { found: 1, of: 4 },
    ])
    expect([rowOf(wordTable!, 'loom'), rowOf(wordTable!, 'red')]).toEqual([
      [1, 2],
      [3, 4],
    ])
    expect([rowOf(targetWordTable!, 'blau'), rowOf(targetWordTable!, 'webstuhl')]).toEqual([[5, 6], untouched])
    const wide = file('loom 1 2 3\n')
    await expect(takeWordVectors(task, { vectors: wide })).rejects.toThrow(`Set model.${source} to 3.`)
    await expect(takeWordVectors(task, { targetVectors: wide })).rejects.toThrow(`Set model.${target} to 3.`)
    task.dispose()
    // The settings that the messages name are ones of the model.
    const resized = [source, target].reduce((spec, path) => mergeSettings(spec, settingAt(path, 4)), model as Settings)
    const other = await create(resized as PartSpec)
    expect([other.pipeline.wordTable, other.pipeline.targetWordTable].map((table) => table!.weight.shape[1])).toEqual([
      4, 4,
    ])
    other.dispose()
  })

  it('takes one file where both sides share their table', async () => {
    const model = { type: 'transformer-seq2seq', hiddenSize: 2, numHeads: 1, sharedEmbeddings: true }
    const task = await create(model, { shared: true })
    const { wordTable, targetWordTable } = task.pipeline
    expect(targetWordTable!.weight).toBe(wordTable!.weight)
    await takeWordVectors(task, { targetVectors: german })
    expect([rowOf(wordTable!, 'blau'), rowOf(wordTable!, 'loom')]).toEqual([
      [5, 6],
      [9, 9],
    ])
    await expect(takeWordVectors(task, { vectors: english, targetVectors: german })).rejects.toThrow(
      'expected one file of vectors, as the model reads and writes words by one table',
    )
    await expect(takeWordVectors(task, { vectors: file('loom 1 2 3\n') })).rejects.toThrow('Set model.hiddenSize to 3.')
    task.dispose()
  })
})

/** { a: { b: value } } of the path 'a.b'. */
const settingAt = (path: string, value: number): Settings =>
  path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Settings

it('fills the words of captions, whose pictures have none', async () => {
  const model = { type: 'recurrent-seq2seq', encoder: { type: 'convolutional' }, bridge: 'linear', embeddingSize: 2 }
  const task = imageToText.create({ model } as never, { registry, rng: new RandomStream(1) })
  const picture = { name: 'a', style: 'x', height: 16, width: 16, pixels: new Uint8Array(16 * 16 * 3) }
  await task.prepare(Array.from({ length: 8 }, () => ({ source: picture as never, target: 'a red loom' })))
  expect(await takeWordVectors(task, { targetVectors: file('loom 1 2\nred 3 4\n') })).toMatchObject([
    { found: 2, of: 3 },
  ])
  const { weight, rows } = task.pipeline.targetWordTable!
  expect((weight.value.arraySync() as number[][])[rows.get('loom')!]).toEqual([1, 2])
  await expect(takeWordVectors(task, { vectors: file('loom 1 2\n') })).rejects.toThrow('Give them as targetVectors.')
  task.dispose()
})
