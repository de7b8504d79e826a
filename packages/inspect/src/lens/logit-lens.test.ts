import type { LanguageModelingPipeline } from '@heddle/tasks'
import { useCpu } from '@heddle/testing'
import type { TransformerLanguageModel } from '@heddle/transformer'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { classifier, languageModel, transformer, transformerTranslator } from '../test-support/tiny-tasks.ts'
import { logitLens } from './logit-lens.ts'

beforeAll(useCpu)

const TEXT = 'The old man'

describe('logitLens', () => {
  it('ends with the prediction of the model itself, and leaks nothing', async () => {
    const task = await transformer()
    await logitLens(task, TEXT)
    const before = tf.memory().numTensors
    const { layers, tokens, predicts, vocabSize } = await logitLens(task, TEXT, { top: 3 })
    expect(tf.memory().numTensors).toBe(before)
    expect(layers.map(({ name }) => name)).toEqual(['input', 'layer 0', 'layer 1'])
    expect(tokens.map(({ text }) => text).join('')).toBe(TEXT)
    expect(predicts).toBe('next')
    const { encode, vocabSize: V } = task.pipeline as LanguageModelingPipeline
    expect(vocabSize).toBe(V)
    const model = task.model as TransformerLanguageModel
    const encoded = await encode([TEXT])
    const rows = tf.tidy(() => {
      const ids = tf.tensor2d([...encoded], [1, TEXT.length], 'int32')
      return (tf.softmax(model.forward(ids).logits).arraySync() as number[][][])[0]!
    })
    for (const [t, row] of rows.entries()) {
      const cell = layers.at(-1)!.cells[t]!
      const best = [...row].sort((a, b) => b - a).slice(0, 3)
      for (const [i, p] of best.entries()) expect(cell.probabilities[i]).toBeCloseTo(p, 4)
      expect(cell.entropy).toBeCloseTo(
        row.reduce((sum, p) => sum - p * Math.log2(p), 0),
        3,
      )
      expect([cell.rank, cell.tokens.length]).toEqual([1, 3])
      expect(cell.probability).toBe(cell.probabilities[0])
    }
    const last = layers.at(-1)!
    expect(last.agreement).toBe(1)
    expect(last.divergence).toBeCloseTo(0, 6)
    for (const { divergence } of layers.slice(0, -1)) expect(divergence).toBeGreaterThan(0)
  })

  it('ranks the token of the last layer among those of a lower layer', async () => {
    const { layers } = await logitLens(await transformer(), TEXT, { top: 100 })
    const [input, , last] = layers
    for (const [t, cell] of input!.cells.entries()) {
      const final = last!.cells[t]!.tokens[0]!
      expect(cell.tokens[cell.rank - 1]).toBe(final)
      expect(cell.probabilities[cell.rank - 1]).toBeCloseTo(cell.probability, 4)
    }
    const agreeing = input!.cells.filter(({ rank }) => rank === 1).length
    expect(input!.agreement).toBeCloseTo(agreeing / TEXT.length, 12)
  })

  it('of a tied model without layers above predicts the token that was read', async () => {
    // A norm keeps the direction of a token's vector, which is nearest to itself in a table of small random vectors.
    const { layers } = await logitLens(await transformer({ hiddenSize: 64, positions: 'none' }), TEXT)
    expect(layers[0]!.cells.map(({ tokens }) => tokens[0]).join('')).toBe(TEXT)
  })

  it('of an encoder-decoder reads the decoder at each token of the target', async () => {
    const { tokens, layers } = await logitLens(await transformerTranslator(), 'He was sick.', {
      target: '그는 늙었다.',
    })
    expect(tokens.map(({ text }) => text)).toEqual(['<sos>', '그는', '늙었다', '.'])
    expect(layers.map(({ cells }) => cells.length)).toEqual([4, 4, 4])
  })

  it.each([
    ['a recurrent model', () => languageModel({}), 'recurrent-lm'],
    ['a classifier', () => classifier(), 'recurrent-classifier'],
  ])('refuses %s', async (_, task, type) => {
    await expect(logitLens(await task(), 'Anna')).rejects.toThrow(
      `logit-lens: expected a model that predicts tokens and whose layers can be read out, got mine, a '${type}'`,
    )
  })
})
