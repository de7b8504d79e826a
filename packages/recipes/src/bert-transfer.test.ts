import { type PartSpec, RandomStream, readSafetensors, writeSafetensors } from '@heddle/core'
import { memorySource } from '@heddle/data'
import { useWasm } from '@heddle/kernels'
import { modelPoint, stateDict } from '@heddle/layers'
import { exportRun, headFor, openStartingPoint, type Settings, trainRun } from '@heddle/tasks'
import { MemoryStore, type RunStore } from '@heddle/trainer'
import { saveCheckpoint } from '@heddle/transformer'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { registry, trained } from './test-support/registry.ts'
import { TINY } from './test-support/tiny.ts'

type Kept = Awaited<ReturnType<typeof trained>>

const text = async (store: RunStore, file: string) => new TextDecoder().decode(await store.read(file))
const classifier = { type: 'classifier', encoder: 'bert' }
const reviews = (labels: readonly string[]) =>
  memorySource(
    'reviews.tsv',
    `text\tlabel\n${Array.from({ length: 60 }, (_, i) => `word ${i} of ${labels[i % labels.length]}\t${labels[i % labels.length]}\n`).join('')}`,
  )

describe('a BERT that is fine-tuned', () => {
  let pretrained: Kept
  beforeAll(async () => {
    await useWasm({ threads: 1 })
    pretrained = await trained({ type: 'bert-pretrain', ...TINY['bert-pretrain'] })
  })

  const fineTuned = async (folder: RunStore, settings: Settings = {}, labels?: readonly string[]) => {
    const store = new MemoryStore()
    const from = await openStartingPoint({ store: folder, registry, name: 'start', as: headFor(classifier) })
    const run = await trainRun({
      ...{ registry, store, from },
      recipe: {
        type: 'bert-classify',
        data: { count: 200, validation: 8, test: 20 },
        training: { steps: 1, batchSize: 4, learningRate: 1e-30, freeze: ['encoder'] },
        ...settings,
      },
      ...(labels && { source: reviews(labels) }),
    })
    return { store, run }
  }

  /** A folder of transformers, with the pre-trained encoder below another head. */
  const checkpoint = async (spec: PartSpec, fields: Settings = {}) => {
    const folder = new MemoryStore()
    const context = { registry, rng: new RandomStream(4) }
    const model = registry.create(modelPoint, spec, context)
    for (const [file, bytes] of await saveCheckpoint(model, spec, context, fields)) await folder.write(file, bytes)
    await folder.write('tokenizer.json', (await pretrained.store.read('tokenizer.json'))!)
    return { folder, weights: await stateDict(model) }
  }

  it('takes encoder, its settings and word pieces of a pre-training run, and names the other weights', async () => {
    const before = tf.memory().numTensors
    const { store, run } = await fineTuned(pretrained.store, { model: { encoder: { dropout: 0.3 } } })
    expect(run.task.modelSpec).toMatchObject({
      type: 'classifier',
      encoder: { hiddenSize: 8, numLayers: 1, dropout: 0.3 },
    })
    expect(JSON.parse(await text(store, 'tokenizer.json')).model).toEqual(
      JSON.parse(await text(pretrained.store, 'tokenizer.json')).model,
    )
    const [saved, now] = [await stateDict(pretrained.task.model), await stateDict(run.task.model)]
    const paths = [...now.keys()]
    expect(paths.filter((path) => saved.has(path))).toEqual(paths.filter((path) => path.startsWith('encoder.')))
    for (const path of paths.filter((each) => saved.has(each)))
      expect([path, now.get(path)]).toEqual([path, saved.get(path)])
    expect(run.notes).toContain('weights that start at random: output.weight, output.bias')
    expect(run.notes.find((note) => note.startsWith('weights that are not used'))).toMatch(
      /head\.dense\.weight.*nextSentence/,
    )
    expect(JSON.parse(await text(store, 'config.json'))['from']).toEqual({ name: 'start', weights: ['encoder'] })
    run.task.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })

  it('starts from a checkpoint of transformers with another head, and draws its own', async () => {
    const { encoder, input } = pretrained.task.modelSpec as PartSpec & { encoder: PartSpec }
    const { folder, weights } = await checkpoint({
      type: 'bert-masked-lm',
      input,
      encoder: { ...encoder, pooling: 'first' },
    })
    const { run } = await fineTuned(folder)
    expect(run.notes).toContain(
      'weights that start at random: bert.pooler.dense.weight, bert.pooler.dense.bias, classifier.weight, classifier.bias',
    )
    expect(run.notes.find((note) => note.startsWith('weights that are not used'))).toMatch(/cls\.predictions\.bias/)
    const path = 'encoder.layers.0.attention.query.weight'
    expect((await stateDict(run.task.model)).get(path)).toEqual(weights.get(path))
    run.task.dispose()
  })

  it('keeps the head of a checkpoint for its own labels alone', async () => {
    const { encoder, input } = pretrained.task.modelSpec as PartSpec & { encoder: PartSpec }
    const spec = { type: 'classifier', input, encoder, numLabels: 2 }
    const { folder, weights } = await checkpoint(spec, { id2label: { 0: 'good', 1: 'bad' } })
    const same = await fineTuned(folder, {}, ['bad', 'good'])
    expect(same.run.task.files.get('labels.json')).toEqual(['good', 'bad'])
    const head = await stateDict(same.run.task.model)
    expect(head.get('output.weight')).toEqual(weights.get('output.weight'))
    expect(same.run.notes.join()).not.toMatch(/at random/)
    const others = await fineTuned(folder, {}, ['red', 'blue', 'green'])
    expect(others.run.task.files.get('labels.json')).toEqual(['blue', 'green', 'red'])
    expect(others.run.notes).toContain('weights that start at random: output.weight, output.bias')
    same.run.task.dispose()
    others.run.task.dispose()
  })

  it('keeps what a checkpoint has of a head, and names what it draws', async () => {
    const { encoder, input } = pretrained.task.modelSpec as PartSpec & { encoder: PartSpec }
    const spec = { type: 'classifier', input, encoder, numLabels: 2 }
    const { folder, weights } = await checkpoint(spec, { id2label: { 0: 'good', 1: 'bad' } })
    const { tensors } = readSafetensors((await folder.read('model.safetensors'))!)
    tensors.delete('classifier.bias')
    await folder.write('model.safetensors', writeSafetensors(tensors))
    const { run } = await fineTuned(folder, {}, ['bad', 'good'])
    const head = await stateDict(run.task.model)
    expect(head.get('output.weight')).toEqual(weights.get('output.weight'))
    expect(head.get('output.bias')).not.toEqual(weights.get('output.bias'))
    expect(run.notes).toContain('weights that start at random: classifier.bias')
    run.task.dispose()
    // A head of another size than config.json says.
    tensors.set('classifier.bias', tensors.get('bert.pooler.dense.bias')!)
    await folder.write('model.safetensors', writeSafetensors(tensors))
    await expect(fineTuned(folder, {}, ['bad', 'good'])).rejects.toThrow(
      /'classifier\.bias': expected \[2\], got \[\d+\] \(for another set of labels, give their number\)/,
    )
  })

  it('pre-trains on from a folder of transformers, with the heads of it', async () => {
    const folder = new MemoryStore()
    const files = await exportRun({ store: pretrained.store, registry })
    for (const [file, bytes] of files) await folder.write(file, bytes)
    const as = headFor({ type: 'bert-pretraining', encoder: 'bert' })
    const from = await openStartingPoint({ store: folder, registry, name: 'start', as })
    const { model: _, ...settings } = TINY['bert-pretrain']!
    const training = { steps: 1, batchSize: 4, learningRate: 1e-30 }
    const recipe = { type: 'bert-pretrain', ...settings, training }
    const { task, notes } = await trainRun({ registry, store: new MemoryStore(), from, recipe })
    expect(notes.join()).not.toMatch(/at random|not used/)
    expect(await stateDict(task.model)).toEqual(await stateDict(pretrained.task.model))
    task.dispose()
  })
})

it('a budget goes above the steps of a preset', async () => {
  const { training: _, ...tiny } = TINY['bert-pretrain']!
  const recipe = {
    type: 'bert-pretrain',
    preset: 'bert-mini',
    ...tiny,
    training: { batchSize: 4, evaluateEvery: 1000 },
  }
  const { task, result } = await trainRun({ registry, store: new MemoryStore(), recipe, budget: 1500 })
  expect(result.steps).toBe(task.config.training.steps)
  expect(result.steps).toBeLessThan(20_000)
  task.dispose()
})
