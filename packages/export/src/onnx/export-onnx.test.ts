import { createRegistry, type PartSpec, RandomStream } from '@heddle/core'
import { modelPoint, namedParameters } from '@heddle/layers'
import { cellPoint, RecurrentCell, type RecurrentState } from '@heddle/rnn'
import { stdPlugins } from '@heddle/std'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { exportOnnx } from './export-onnx.ts'
import { samplesOf, sizeOfSamples } from './size.ts'

/** A cell without a sequence of its own. */
class StepCell extends RecurrentCell {
  readonly inputSize: number
  readonly hiddenSize: number
  readonly stateSizes: readonly number[]

  constructor(inputSize: number, hiddenSize: number) {
    super()
    this.inputSize = inputSize
    this.hiddenSize = hiddenSize
    this.stateSizes = [hiddenSize]
  }

  forward(_: tf.Tensor, [h]: RecurrentState) {
    const next = tf.tanh(h!)
    return { output: next, state: [next] }
  }
}

const stepCell = cellPoint.of({
  name: 'test/step',
  summary: 'test',
  config: z.strictObject({}),
  create: (_, { inputSize, hiddenSize }) => new StepCell(inputSize, hiddenSize),
})
const registry = createRegistry([stdPlugins, { name: 'test', contributes: [stepCell] }])

function exported(spec: PartSpec) {
  const { part: model, config } = registry.build(modelPoint, spec, { registry, rng: new RandomStream(1) })
  const before = tf.memory().numTensors
  expect(namedParameters(model).every(([, { value }]) => value.size > 0)).toBe(true)
  const held = tf.memory().numTensors
  const graphs = exportOnnx(model, { type: spec.type, ...(config as object) }, { maxSteps: 16 })
  expect(tf.memory().numTensors).toBe(held)
  expect(held).toBeGreaterThan(before)
  return { graphs, model }
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

describe('a model as ONNX', () => {
  beforeAll(() => tf.setBackend('cpu'))

  it('a recurrent classifier is one graph with recurrent operators, its inputs and its weights', () => {
    const spec = {
      type: 'recurrent-classifier',
      input: { vocabSize: 9 },
      numLabels: 3,
      embeddingSize: 4,
      hiddenSize: 5,
    }
    const { graphs } = exported({ ...spec, cell: 'lstm', bidirectional: true })
    expect(graphs.map(({ file }) => file)).toEqual(['model.onnx'])
    const [{ inputs, outputs, bytes }] = graphs as [(typeof graphs)[number]]
    expect(inputs).toEqual(['inputs', 'lengths'])
    expect(outputs).toContain('logits')
    for (const part of ['LSTM', 'reverse', 'batch', 'time', 'embedding.weight', 'output.bias']) {
      expect(text(bytes)).toContain(part)
    }
  })

  it('an encoder-decoder is an encoder and a step of the decoder, which passes on its state', () => {
    const pair = { source: { vocabSize: 9 }, target: { vocabSize: 8 } }
    const { graphs } = exported({ type: 'recurrent-seq2seq', ...pair, embeddingSize: 4, hiddenSize: 6 })
    expect(graphs.map(({ file }) => file)).toEqual(['encoder.onnx', 'decoder.onnx'])
    const [encoder, decoder] = graphs as [(typeof graphs)[number], (typeof graphs)[number]]
    expect(decoder.inputs).toContain('tokens')
    for (const name of decoder.inputs) if (name !== 'tokens') expect(encoder.outputs).toContain(name)
    expect(decoder.outputs).toContain('next_state.layers.0.0')
  })

  it('an encoder-decoder with a cache is one graph over the whole prefix', () => {
    const pair = { source: { vocabSize: 9 }, target: { vocabSize: 8 } }
    const { graphs } = exported({ type: 'transformer-seq2seq', ...pair, hiddenSize: 8, numLayers: 1, numHeads: 2 })
    expect(graphs.map(({ file, inputs }) => [file, inputs])).toEqual([['model.onnx', ['source', 'lengths', 'target']]])
  })

  it.each([
    ['a window', { positions: 'rotary', attention: { window: 3 } }],
    ['penalties of distances', { positions: 'alibi' }],
    ['biases of distances', { positions: 'relative-bias' }],
  ])('attention with %s makes the same operations for texts of every length', (_, parts) => {
    const { graphs } = exported({
      ...{ type: 'transformer-lm', vocabSize: 9, hiddenSize: 8, numLayers: 1, numHeads: 2, contextLength: 64 },
      ...parts,
    })
    expect(graphs.map(({ inputs, outputs }) => [inputs, outputs])).toEqual([[['ids'], ['logits']]])
  })

  it('numbers that are evenly spaced for short texts alone are kept as a table', () => {
    const spec = { type: 'transformer-lm', vocabSize: 9, hiddenSize: 8, numLayers: 1, numHeads: 2, contextLength: 64 }
    const { part: model } = registry.build(
      modelPoint,
      { ...spec, positions: 'relative-bias' },
      { registry, rng: new RandomStream(1) },
    )
    const ranges = (maxSteps: number) => {
      const { bytes } = exportOnnx(model, spec, { maxSteps })[0]!
      return new Set(text(bytes).match(/Range_\d+/g)).size
    }
    // Buckets are distances below 16.
    expect(ranges(64)).toBe(ranges(16) - 1)
  })

  it('a tagger that spells words reads each different one once', () => {
    const input = { vocabSize: 9, numLetters: 7 }
    const sizes = { wordSize: 3, letterSize: 3, spellingSize: 2, hiddenSize: 4 }
    const { graphs } = exported({ type: 'word-tagger', input, numLabels: 3, ...sizes })
    expect(graphs[0]!.inputs).toEqual(['spellings', 'letter_counts', 'word_ids', 'places', 'lengths'])
    const withAttributes = { ...input, attributes: { numAttributes: 5, perWord: 2 } }
    const { graphs: others } = exported({ type: 'word-tagger', input: withAttributes, numLabels: 3, ...sizes })
    expect(others[0]!.inputs.at(-1)).toBe('attributes')
  })

  it('a model whose logits do not tell the labels is refused', () => {
    const spec = { type: 'recurrent-tagger', input: { vocabSize: 9 }, numLabels: 3, hiddenSize: 4, scoring: 'crf' }
    expect(() => exported(spec)).toThrow('expected a model whose logits tell the labels, got a CRF')
  })

  it('a cell that runs step by step is refused with the reason', () => {
    const spec = { type: 'recurrent-lm', vocabSize: 9, embeddingSize: 4, hiddenSize: 5, cell: 'test/step' }
    expect(() => exported(spec)).toThrow(/got others from operation \d+ on .*a part of the model runs step by step/)
  })
})

it('sizes are sums of products of the axes, or none', () => {
  const samples = samplesOf({ batch: [2, 3, 5], time: [5, 7, 11] })
  const of = (size: (b: number, t: number) => number) =>
    sizeOfSamples(
      samples.map(({ batch, time }) => size(batch!, time!)),
      samples,
    )
  expect(of(() => 4)).toEqual(new Map([['', 4]]))
  expect(of((b, t) => 3 * b * t + 2 * t - 1)).toEqual(
    new Map([
      ['', -1],
      ['time', 2],
      ['batch time', 3],
    ]),
  )
  expect(of((_, t) => t * t)).toBeUndefined()
})
