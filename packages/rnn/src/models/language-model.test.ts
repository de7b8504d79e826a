import { createRegistry, RandomStream } from '@heddle/core'
import { crossEntropy, modelPoint, namedParameters, setTraining, valueAndGradients } from '@heddle/layers'
import { expectClose, layerContract, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { rnnPlugin } from '../plugin.ts'
import { RecurrentLanguageModel, type RecurrentLanguageModelConfig } from './language-model.ts'

const [B, T, V] = [2, 4, 7]
const registry = createRegistry([rnnPlugin])
const make = (config: Partial<RecurrentLanguageModelConfig> = {}, rng = new RandomStream(1)) =>
  new RecurrentLanguageModel({ vocabSize: V, embeddingSize: 5, hiddenSize: 6, ...config }, { rng, registry })
const ids = () => tf.tensor([0, 3, 6, 2, 5, 5, 1, 4], [B, T], 'int32')

layerContract('RecurrentLanguageModel', {
  make: (rng) => make({ numLayers: 2 }, rng),
  inputs: () => [ids()],
  run: (model, ids) => model.forward(ids!).logits,
  shapes: [[B, T, V]],
  gradient: { elements: 4 },
})

layerContract('RecurrentLanguageModel with tied weights, GRU and dropout', {
  make: (rng) => make({ cell: 'gru', tied: true, embeddingSize: 6, dropout: 0.3, recurrentDropout: 0.2 }, rng),
  inputs: () => [ids(), tf.tensor([4, 2], [B], 'int32')],
  run: (model, ids, lengths) => model.forward(ids!, { lengths: lengths! }).logits,
  shapes: [[B, T, V]],
  random: true,
  gradient: { elements: 4 },
})

layerContract('RecurrentLanguageModel with an adaptive softmax', {
  make: (rng) => make({ cutoffs: [2, 5], hiddenSize: 16 }, rng),
  inputs: () => [ids()],
  run: (model, ids) => model.forward(ids!).logits,
  shapes: [[B, T, V]],
  gradient: { elements: 4 },
})

describe('RecurrentLanguageModel', () => {
  beforeAll(useCpu)

  it('steps give what the whole sequence gives, and the state goes on', () => {
    for (const config of [
      { numLayers: 2 },
      { tied: true, embeddingSize: 6, cell: 'rnn' },
      { cutoffs: [3], numLayers: 2 },
    ]) {
      const model = make(config)
      const whole = model.forward(ids())
      let state = model.initialState(B)
      const steps = tf.unstack(ids(), 1).map((tokens) => {
        const step = model.step(tokens, state)
        state = step.state
        return step.logits
      })
      expectClose(tf.stack(steps, 1), whole.logits)
      expectClose(state[0]![0]!, whole.state[0]![0]!)
    }
  })

  it('what comes later does not change what came before', () => {
    const model = make()
    const other = tf.tensor([0, 3, 1, 1, 5, 5, 0, 0], [B, T], 'int32')
    const start = (ids: tf.Tensor) => tf.slice(model.forward(ids).logits, [0, 0, 0], [B, 2, V])
    expectClose(start(other), start(ids()))
  })

  it('tied weights are one matrix, trained from both of its uses', () => {
    const model = make({ tied: true, embeddingSize: 6 })
    expect(namedParameters(model).map(([path]) => path)).not.toContain('output.weight')
    const { gradients } = valueAndGradients(model, () => crossEntropy(model.forward(ids()).logits, ids()))
    // Every row of the table is a class of the output, so every row gets a gradient, read or not.
    const rows = tf.max(tf.abs(gradients.get(model.embedding.weight)!), 1).dataSync()
    expect(Math.min(...rows)).toBeGreaterThan(0)
    expect(() => make({ tied: true })).toThrow(
      /expected embeddingSize to equal hiddenSize \(6\) for tied weights, got 5/,
    )
  })

  it('has a loss of its own with an adaptive softmax: that of its logits, also from a state and with dropout', () => {
    expect(make().loss).toBeUndefined()
    const lossOf = (way: 'logits' | 'own') => {
      const model = make({ cutoffs: [2, 5], hiddenSize: 16, dropout: 0.3 })
      const { state } = model.forward(ids())
      const labels = tf.reverse(ids(), 1)
      const { value, gradients } = valueAndGradients(model, () =>
        way === 'own'
          ? model.loss!(ids(), labels, { state }).loss
          : crossEntropy(model.forward(ids(), { state }).logits, labels),
      )
      return [value, ...namedParameters(model).map(([, parameter]) => gradients.get(parameter)!)]
    }
    const own = lossOf('own')
    lossOf('logits').forEach((expected, i) => void expectClose(own[i]!, expected))
    expect(() => make({ cutoffs: [3], tied: true, embeddingSize: 6 })).toThrow(
      'expected no cutoffs with tied weights, got [3]',
    )
  })

  it('it learns a text by heart', () => {
    const model = make({ hiddenSize: 16 })
    const text = tf.tensor([0, 1, 2, 3, 0, 2, 1, 3], [1, 8], 'int32')
    const [x, y] = [tf.slice(text, [0, 0], [1, 7]), tf.slice(text, [0, 1], [1, 7])]
    const losses: number[] = []
    for (let step = 0; step < 150; step++) {
      tf.tidy(() => {
        const { value, gradients } = valueAndGradients(model, () => crossEntropy(model.forward(x).logits, y))
        losses.push(value.dataSync()[0]!)
        for (const [parameter, gradient] of gradients) parameter.assign(tf.sub(parameter.value, tf.mul(gradient, 0.5)))
      })
    }
    expect(losses[0]).toBeGreaterThan(1.5)
    expect(losses.at(-1)).toBeLessThan(0.05)
  })

  it('it is built from data, with any cell that a plugin contributes', () => {
    const spec = { type: 'recurrent-lm', vocabSize: V, embeddingSize: 5, hiddenSize: 6 }
    const build = (cell?: unknown) =>
      registry.create(
        modelPoint,
        { ...spec, ...(cell !== undefined && { cell }) },
        { rng: new RandomStream(1), registry },
      )
    expect((build() as RecurrentLanguageModel).recurrent.cells[0]!.constructor.name).toBe('LSTMCell')
    const relu = build({ type: 'rnn', activation: 'relu' }) as RecurrentLanguageModel
    expect(relu.recurrent.cells[0]).toMatchObject({ activation: 'relu' })
    expect(() => build('lstn')).toThrow(/no cell is named "lstn". Did you mean 'lstm'/)
    expect(() => build({ type: 'gru', activation: 'relu' })).toThrow(/cell 'gru': unknown key 'activation'/)
  })

  it('dropout is active in training only', () => {
    const model = make({ dropout: 0.5 })
    setTraining(model, false)
    expectClose(model.forward(ids()).logits, model.forward(ids()).logits)
  })
})
