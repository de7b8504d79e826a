import { attentionPlugin } from '@heddle/attention'
import { createRegistry, RandomStream } from '@heddle/core'
import { Module, readerOf, reportsLayers, withObserver } from '@heddle/layers'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { isRecurrentCell } from './cells/cell.ts'
import { LSTM } from './lstm.ts'
import { OneStep } from './models/one-step.ts'
import { RecurrentSeq2Seq } from './models/seq2seq.ts'
import { WordTagger } from './models/word-tagger.ts'
import { namedCells } from './named-cells.ts'
import { rnnPlugin } from './plugin.ts'

const registry = createRegistry([attentionPlugin, rnnPlugin])
const context = () => ({ rng: new RandomStream(1), registry })

describe('looking inside recurrent networks', () => {
  beforeAll(useCpu)

  it('finds every cell of a model with its place', () => {
    const config = { source: { vocabSize: 5 }, target: { vocabSize: 5 }, hiddenSize: 4, numLayers: 2 }
    const model = RecurrentSeq2Seq.create(config, context())
    const places = namedCells(model).map(({ path, layer, reverse }) => [path, layer, reverse])
    expect(places).toEqual([
      ['encoder.recurrent.layers.0.forward', 0, false],
      ['encoder.recurrent.layers.0.backward', 0, true],
      ['encoder.recurrent.layers.1.forward', 1, false],
      ['encoder.recurrent.layers.1.backward', 1, true],
      ['decoder.recurrent.layers.0.forward', 0, false],
      ['decoder.recurrent.layers.1.forward', 1, false],
    ])
    const one = new OneStep({ input: { featureSize: 3 }, numLabels: 2 }, context())
    expect(namedCells(one).map(({ path }) => path)).toEqual(['cell'])
  })

  it('names the part of a model that takes one step for each step of the input', () => {
    const translator = RecurrentSeq2Seq.create({ source: { vocabSize: 5 }, target: { vocabSize: 5 } }, context())
    expect(readerOf(translator)).toBe(translator.encoder)
    const words = new WordTagger({ input: { vocabSize: 3, numLetters: 4 }, numLabels: 2 }, context())
    expect(readerOf(words)).toBe(words.tagger)
    expect(readerOf(words.tagger)).toBe(words.tagger)
  })

  it('knows a cell by its members, not by its class', () => {
    class Foreign extends Module {
      readonly inputSize = 2
      readonly hiddenSize = 3
      readonly stateSizes = [3]
      initialState(B: number) {
        return [tf.zeros([B, 3])]
      }
      override forward(_: tf.Tensor, state: tf.Tensor[]) {
        return { output: state[0]!, state }
      }
    }
    expect(isRecurrentCell(new Foreign())).toBe(true)
    expect(isRecurrentCell(new LSTM({ inputSize: 2, hiddenSize: 3 }, new RandomStream(1)))).toBe(false)
  })

  it.each([
    ['rnn', [], undefined],
    ['lstm', ['inputGate', 'forgetGate', 'outputGate'], 'c'],
    ['gru', ['resetGate', 'updateGate'], undefined],
  ] as const)('a cell %s reports the gates and the memory that it names', (cell, gates, memory) => {
    const model = new OneStep({ input: { featureSize: 3 }, numLabels: 2, hiddenSize: 4, cell }, context())
    expect([model.cell.gates, model.cell.memory]).toEqual([gates, memory])
    const seen = new Map<string, tf.Tensor>()
    const look = (_: string, value: tf.Tensor, { name }: { name: string }) => void seen.set(name, value)
    withObserver(model, look, () => model.forward(tf.ones([2, 3])))
    for (const name of [...gates, ...(memory === undefined ? [] : [memory])]) {
      expect(seen.get(name)?.shape, name).toEqual([2, 4])
    }
    for (const name of gates) {
      const values = [...seen.get(name)!.dataSync()]
      expect(values.every((value) => value > 0 && value < 1)).toBe(true)
    }
  })

  it('reports the outputs of each layer under the names that it states', () => {
    const lstm = new LSTM({ inputSize: 2, hiddenSize: 3, numLayers: 2, bidirectional: true }, new RandomStream(1))
    const seen = new Map<string, number[]>()
    withObserver(
      lstm,
      (_, value, { module, name }) => void (reportsLayers(module) && seen.set(name, value.shape)),
      () => lstm.forward(tf.ones([1, 4, 2])),
    )
    expect([...seen]).toEqual(lstm.layerOutputs.map((name) => [name, [1, 4, 6]]))
    expect(lstm.layerOutputs).toHaveLength(2)
  })
})
