import type { PartSpec } from '@heddle/core'
import { useWasm } from '@heddle/kernels'
import { type Linear, setTraining, stateDict } from '@heddle/layers'
import {
  headFor,
  openStartingPoint,
  openTask,
  recipeNamed,
  recipeSchema,
  type Settings,
  standardModel,
  trainRun,
} from '@heddle/tasks'
import { expectClose } from '@heddle/testing'
import { MemoryStore, type RunStore } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { registry, trained } from './test-support/registry.ts'
import { TINY } from './test-support/tiny.ts'

beforeAll(() => useWasm({ threads: 1 }))

/** As the command does it. */
async function transferred(store: RunStore, recipe: PartSpec, againstScratch?: boolean) {
  const as = headFor(standardModel(recipeNamed(registry, recipe.type)))
  const from = await openStartingPoint({ store, registry, name: 'start', as })
  const kept = new MemoryStore()
  const run = await trainRun({ registry, store: kept, recipe, from, againstScratch })
  return { run, store: kept }
}

const still: Settings = { steps: 1, batchSize: 4, learningRate: 1e-30, freeze: ['encoder'] }

describe.each(['masked-patches', 'jigsaw'])('rows from a run of %s', (pretext) => {
  it('puts a new head on its encoder, and is compared with the same network from scratch', async () => {
    const before = tf.memory().numTensors
    const first = await trained({ type: pretext, ...TINY[pretext] })
    const data = { count: 200, size: 12, train: 30 }
    const { run, store } = await transferred(first.store, { type: 'rows', data, training: still })
    expect(run.dataset.train).toHaveLength(30)
    expect(run.task.modelSpec).toMatchObject({
      type: 'classifier',
      encoder: { type: 'recurrent', hiddenSize: 4 },
      dropout: 0.1,
    })
    const [saved, now] = [await stateDict(first.task.model), await stateDict(run.task.model)]
    const ofEncoder = [...now.keys()].filter((path) => path.startsWith('encoder.'))
    expect(ofEncoder.length).toBeGreaterThan(7)
    for (const path of ofEncoder) expect([path, now.get(path)]).toEqual([path, saved.get(path)])
    expect(run.task.files.get('pictures.json')).toEqual(first.task.files.get('pictures.json'))
    const { metrics, fromScratch } = JSON.parse(new TextDecoder().decode((await store.read('metrics.json'))!))
    expect(Object.keys(fromScratch)).toEqual(Object.keys(metrics))
    expect(fromScratch.loss).not.toBe(metrics.loss)
    first.task.dispose()
    run.task.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })

  it('has never seen the test part', async () => {
    const first = await trained({ type: pretext, ...TINY[pretext] })
    const data = { count: 200, size: 12, train: 30 }
    const { run, store } = await transferred(first.store, { type: 'rows', data, training: still }, false)
    const pixels = (pictures: readonly unknown[]) =>
      pictures.map((each) => `${(each as { pixels: Uint8Array }).pixels}`)
    expect(pixels(first.dataset.test)).toEqual(pixels(run.dataset.test))
    expect(run.evaluation?.fromScratch).toBeUndefined()
    // Resumed, it is not compared with a network from scratch either.
    const resumed = await trainRun({ registry, store, resume: true })
    expect(resumed.evaluation).toEqual(run.evaluation)
    for (const { task } of [first, run, resumed]) task.dispose()
  })
})

interface LanguageModel {
  readonly output?: Linear
  readonly input: { readonly embedding: { readonly weight: { readonly value: tf.Tensor2D } } }
}

/** The logits of a language model from what its output layer reads, [B, D]. */
const readOut = ({ output, input }: LanguageModel, features: tf.Tensor) =>
  output?.forward(features) ?? tf.matMul(features as tf.Tensor2D, input.embedding.weight.value, false, true)

const sentiment = { type: 'sentiment', data: { count: 400 }, training: still }

describe.each(['char-lm', 'gpt'])('sentiment from a run of %s', (type) => {
  it('reads a text as the language model does: its last state is the context vector', async () => {
    const first = await trained({ type, ...TINY[type] })
    const { run } = await transferred(first.store, sentiment)
    expect(run.task.modelSpec).toMatchObject({ type: 'classifier', dropout: 0.3, encoder: { pooling: 'last' } })
    expect(run.task.files.get('tokenizer.json')).toEqual(first.task.files.get('tokenizer.json'))
    expect(run.notes).toContain('weights that start at random: output.weight, output.bias')
    const ids = tf.tensor2d([5, 9, 4, 7, 5, 3, 0, 0], [2, 4], 'int32')
    const lengths = tf.tensor1d([4, 2], 'int32')
    const { features } = run.task.model.forward(ids, lengths) as { features: tf.Tensor }
    setTraining(first.task.model, false)
    const logits = readOut(first.task.model as unknown as LanguageModel, features)
    for (const [b, length] of [4, 2].entries()) {
      const alone = (first.task.model.forward(tf.slice(ids, [b, 0], [1, length])) as { logits: tf.Tensor }).logits
      expectClose(tf.slice(logits, [b, 0], [1, -1]), tf.squeeze(tf.slice(alone, [0, length - 1, 0], [1, 1, -1]), [1]))
    }
    first.task.dispose()
    run.task.dispose()
  })

  it('is fine-tuned as a whole, or with a frozen encoder, and opens again', async () => {
    const first = await trained({ type, ...TINY[type] })
    const saved = await stateDict(first.task.model)
    for (const freeze of [undefined, ['encoder']]) {
      const training = { steps: 2, batchSize: 8, learningRate: 1e-2, warmupSteps: 1, freeze }
      const { run, store } = await transferred(first.store, { ...sentiment, training })
      const now = await stateDict(run.task.model)
      const changed = [...saved].filter(([path, tensor]) => {
        const moved = now.get(`encoder.${path}`)
        return moved !== undefined && `${moved.bytes}` !== `${tensor.bytes}`
      })
      expect(changed.length > 0).toBe(freeze === undefined)
      const opened = await openTask(store, registry)
      expect(await opened.evaluate(run.dataset.test)).toEqual(run.evaluation!.metrics)
      opened.dispose()
      run.task.dispose()
    }
    first.task.dispose()
  })
})

it('the settings of an encoder can be set, where the recipe names one', () => {
  const { anyOf } = recipeSchema(registry, recipeNamed(registry, 'bert-classify')).properties!['model']!
  expect(Object.keys(anyOf![1]!.properties!)).toEqual(['type', 'encoder', 'dropout', 'hidden'])
})

it('a model that the user chooses is not replaced, and the weights that it lacks are named', async () => {
  const first = await trained({ type: 'char-lm', ...TINY['char-lm'] })
  await expect(transferred(first.store, { ...sentiment, model: { type: 'transformer-classifier' } })).rejects.toThrow(
    /^start: expected the weights of the new model, got others: .*encoder\.layers/,
  )
  first.task.dispose()
})
