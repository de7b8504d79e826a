import type { PartSpec } from '@heddle/core'
import type { RecurrentLanguageModel } from '@heddle/rnn'
import { useCpu } from '@heddle/testing'
import { Tokenizer } from '@heddle/tokenizer'
import { MemoryStore } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { closeRun, openRun } from '../run.ts'
import { registry, tinyCharLm, tinyTranslate } from '../test-support/tiny.ts'
import { trainRun } from '../train-run.ts'
import { hiddenStates } from './hidden-states.ts'

async function trained(recipe: PartSpec) {
  const store = new MemoryStore()
  await trainRun({ registry, store, recipe: { ...recipe, steps: 1, warmupSteps: 0, evaluateEvery: 1 } })
  return { store, run: await openRun({ store, registry }) }
}

const small = { validation: 10, test: 10, batchSize: 8, hiddenSize: 5 }

beforeAll(useCpu)

describe('hiddenStates', () => {
  it("are a language model's states after each character, layer by layer, and leak nothing", async () => {
    const { store, run } = await trained({ ...tinyCharLm, numLayers: 2 })
    const text = 'The old\nman'
    await hiddenStates({ run, store }, text)
    const before = tf.memory().numTensors
    const { pieces, layers } = await hiddenStates({ run, store }, text)
    expect(tf.memory().numTensors).toBe(before)
    expect(pieces.map((piece) => piece.gap + piece.text).join('')).toBe(text)
    expect(layers.map(({ layer, units }) => [layer, units.length])).toEqual([
      [0, 12],
      [1, 12],
    ])
    const tokenizer = Tokenizer.fromJSON(JSON.parse(new TextDecoder().decode(await store.read('tokenizer.json'))))
    const model = run.model as RecurrentLanguageModel
    let state = model.initialState(1)
    for (const [t, id] of tokenizer.encodeIds(text).entries()) {
      state = model.step(tf.tensor1d([id], 'int32'), state).state
      for (const { layer, units } of layers) {
        const h = state[layer]![0]!.dataSync()
        for (const [n, unit] of units.entries()) expect(unit[t]).toBeCloseTo(h[n]!, 5)
      }
    }
    closeRun(run)
  })

  it("are tanh(c) of an LSTM's cells on demand", async () => {
    const { store, run } = await trained({ ...tinyCharLm, numLayers: 2 })
    const text = 'The old man'
    const before = tf.memory().numTensors
    const { layers } = await hiddenStates({ run, store }, text, 'cell')
    expect(tf.memory().numTensors).toBe(before)
    expect(layers.map(({ layer, units }) => [layer, units.length])).toEqual([
      [0, 12],
      [1, 12],
    ])
    const tokenizer = Tokenizer.fromJSON(JSON.parse(new TextDecoder().decode(await store.read('tokenizer.json'))))
    const model = run.model as RecurrentLanguageModel
    let state = model.initialState(1)
    for (const [t, id] of tokenizer.encodeIds(text).entries()) {
      state = model.step(tf.tensor1d([id], 'int32'), state).state
      for (const { layer, units } of layers) {
        const c = state[layer]![1]!.dataSync()
        for (const [n, unit] of units.entries()) expect(unit[t]).toBeCloseTo(Math.tanh(c[n]!), 5)
      }
    }
    closeRun(run)
  })

  it.each([
    ['another cell', { ...tinyCharLm, cell: 'gru' }],
    ['a model that reads all at once', { type: 'names', names: 300, ...small }],
  ])('says that %s has no tanh(c)', async (_, recipe) => {
    const { store, run } = await trained(recipe)
    await expect(hiddenStates({ run, store, name: 'mine' }, 'The old man', 'cell')).rejects.toThrow(
      'mine: expected a model that is a language model of LSTM cells, got',
    )
    closeRun(run)
  })

  it('stay within -1 and 1, also of units without a bound', async () => {
    const { store, run } = await trained({ ...tinyCharLm, cell: { type: 'rnn', activation: 'relu' } })
    const model = run.model as RecurrentLanguageModel
    model.embedding.weight.assign(tf.mul(model.embedding.weight.value, 30))
    const { layers } = await hiddenStates({ run, store }, 'The old man sat there.')
    const most = layers[0]!.units.map((unit) => Math.max(...unit.map(Math.abs)))
    expect(Math.max(...most)).toBeCloseTo(1, 5)
    closeRun(run)
  })

  it('of a classifier have both directions', async () => {
    const { store, run } = await trained({ type: 'names', names: 300, ...small })
    const { pieces, layers } = await hiddenStates({ run, store }, 'Anna')
    expect(pieces.map(({ text }) => text).join('')).toBe('Anna')
    expect(layers[0]!.units).toHaveLength(10)
    closeRun(run)
  })

  it('of a tagger are those of its words, not of their letters', async () => {
    const { store, run } = await trained({ type: 'tagger', sentences: 100, ...small, spellingSize: 3, wordSize: 4 })
    const { pieces, layers } = await hiddenStates({ run, store }, '"To watch",  he said.')
    expect(pieces.map(({ text }) => text)).toEqual(['"', 'To', 'watch', '"', ',', 'he', 'said', '.'])
    expect(pieces.map(({ gap, text }) => gap + text).join('')).toBe('"To watch",  he said.')
    expect(layers[0]!.units).toHaveLength(10)
    closeRun(run)
  })

  it("of an encoder-decoder are the encoder's, with the end symbol", async () => {
    const { store, run } = await trained(tinyTranslate)
    const { pieces, layers } = await hiddenStates({ run, store }, 'He was sick.')
    expect(pieces.map(({ text }) => text)).toEqual(['He', 'was', 'sick', '.', '<eos>'])
    expect(layers[0]!.units).toHaveLength(12)
    await expect(hiddenStates({ run, store }, '')).rejects.toThrow('expected a text of at least 2 pieces, got 0')
    closeRun(run)
  })

  it('says what a run must be when it is none', async () => {
    const store = new MemoryStore()
    await trainRun({ registry, store, recipe: { type: 'ngram-lm', characters: 3000 } })
    const run = await openRun({ store, registry })
    await expect(hiddenStates({ run, store, name: 'mine' }, 'abc')).rejects.toThrow(
      "mine: expected a model with recurrent layers that report their hidden states, got 'ngram-lm'",
    )
    closeRun(run)
  })
})
