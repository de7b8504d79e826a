import { RandomStream } from '@heddle/core'
import type { RecurrentLanguageModel } from '@heddle/rnn'
import { imageClassification, type LanguageModelingPipeline, languageModeling, type Task } from '@heddle/tasks'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { hiddenStates } from './hidden-states.ts'
import { classifier, languageModel, registry, tagger, translator } from './test-support/tiny-tasks.ts'

beforeAll(useCpu)

/** The states of a language model after each character, by its own steps. */
async function* stepped(task: Awaited<ReturnType<typeof languageModel>>, text: string) {
  const model = task.model as RecurrentLanguageModel
  let state = model.initialState(1)
  const ids = await (task.pipeline as LanguageModelingPipeline).encode([text])
  for (const [t, id] of ids.entries()) {
    state = model.step(tf.tensor1d([id], 'int32'), state).state
    yield [t, state] as const
  }
}

describe('hiddenStates', () => {
  it('are the states of a language model after each character, layer by layer, and leak nothing', async () => {
    const task = await languageModel({ numLayers: 2 })
    const text = 'The old\nman'
    await hiddenStates(task, text)
    const before = tf.memory().numTensors
    const { tokens, layers } = await hiddenStates(task, text)
    expect(tf.memory().numTensors).toBe(before)
    expect(tokens.map((token) => token.gap + token.text).join('')).toBe(text)
    expect(layers.map(({ layer, units }) => [layer, units.length])).toEqual([
      [0, 12],
      [1, 12],
    ])
    for await (const [t, state] of stepped(task, text)) {
      for (const { layer, units } of layers) {
        const h = state[layer]![0]!.dataSync()
        for (const [n, unit] of units.entries()) expect(unit[t]).toBeCloseTo(h[n]!, 5)
      }
    }
  })

  it('are tanh(c) of LSTM cells on demand', async () => {
    const task = await languageModel({ numLayers: 2 })
    const text = 'The old man'
    await hiddenStates(task, text, 'cell')
    const before = tf.memory().numTensors
    const { layers } = await hiddenStates(task, text, 'cell')
    expect(tf.memory().numTensors).toBe(before)
    expect(layers.map(({ layer, units }) => [layer, units.length])).toEqual([
      [0, 12],
      [1, 12],
    ])
    for await (const [t, state] of stepped(task, text)) {
      for (const { layer, units } of layers) {
        const c = state[layer]![1]!.dataSync()
        for (const [n, unit] of units.entries()) expect(unit[t]).toBeCloseTo(Math.tanh(c[n]!), 5)
      }
    }
  })

  it.each([
    ['another cell', () => languageModel({ cell: 'gru' })],
    ['a model that reads all at once', () => classifier()],
  ] as [string, () => Promise<Task>][])('refuse tanh(c) of %s', async (_, task) => {
    await expect(hiddenStates(await task(), 'The old man', 'cell')).rejects.toThrow(
      'mine: expected a model that is a language model of LSTM cells, got',
    )
  })

  it('stay within -1 and 1, also of units without a bound', async () => {
    const task = await languageModel({ cell: { type: 'rnn', activation: 'relu' } })
    const { embedding } = task.model as RecurrentLanguageModel
    embedding.weight.assign(tf.mul(embedding.weight.value, 30))
    const { layers } = await hiddenStates(task, 'The old man sat there.')
    const most = layers[0]!.units.map((unit) => Math.max(...unit.map(Math.abs)))
    expect(Math.max(...most)).toBeCloseTo(1, 5)
  })

  it('of a classifier have both directions', async () => {
    const { tokens, layers } = await hiddenStates(await classifier(), 'Anna')
    expect(tokens.map(({ text }) => text).join('')).toBe('Anna')
    expect(layers[0]!.units).toHaveLength(10)
  })

  it('of a tagger are those of its words, not of their letters', async () => {
    const { tokens, layers } = await hiddenStates(await tagger(), '"To watch",  he said.')
    expect(tokens.map(({ text }) => text)).toEqual(['"', 'To', 'watch', '"', ',', 'he', 'said', '.'])
    expect(tokens.map(({ gap, text }) => gap + text).join('')).toBe('"To watch",  he said.')
    expect(layers[0]!.units).toHaveLength(10)
  })

  it('of an encoder-decoder are those of the encoder, with the end symbol', async () => {
    const task = await translator()
    const { tokens, layers } = await hiddenStates(task, 'He was sick.')
    expect(tokens.map(({ text }) => text)).toEqual(['He', 'was', 'sick', '.', '<eos>'])
    expect(layers[0]!.units).toHaveLength(12)
    await expect(hiddenStates(task, '')).rejects.toThrow('expected a text of at least 2 tokens, got 0')
  })

  it('need a model with layers, of a task that reads text', async () => {
    const counting = languageModeling.create({ model: { type: 'ngram-lm' } }, context())
    await counting.fit(['The old man sat there.'], { validation: ['He was old.'] })
    await expect(hiddenStates(counting, 'The')).rejects.toThrow(
      "mine: expected a model with recurrent layers that report their hidden states, got 'ngram-lm'",
    )
    const pictures = imageClassification.create({ model: { type: 'recurrent-classifier', hiddenSize: 4 } }, context())
    await pictures.prepare([
      { labels: ['a'], width: 2, height: 2, pixels: Uint8Array.of(0, 1, 2, 3) },
      { labels: ['b'], width: 2, height: 2, pixels: Uint8Array.of(3, 1, 2, 0) },
    ])
    await expect(hiddenStates(pictures, 'The')).rejects.toThrow(
      "mine: expected a run that reads text, got one of 'image-classification'",
    )
  })
})

const context = () => ({ registry, rng: new RandomStream(1), where: 'mine' })
