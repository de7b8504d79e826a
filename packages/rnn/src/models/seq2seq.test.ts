import { attentionPlugin } from '@heddle/attention'
import { createRegistry, RandomStream } from '@heddle/core'
import {
  type ConvolutionalEncoder,
  crossEntropy,
  layersPlugin,
  modelPoint,
  namedParameters,
  setTraining,
  valueAndGradients,
  withObserver,
} from '@heddle/layers'
import { expectClose, GRADIENT_TOLERANCE, gradientCheck, layerContract, randomTensor, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { rnnPlugin } from '../plugin.ts'
import { RecurrentSeq2Seq, type RecurrentSeq2SeqConfig } from './seq2seq.ts'

const [B, S, T, V] = [2, 4, 3, 7]
const registry = createRegistry([layersPlugin, attentionPlugin, rnnPlugin])
type Settings = Partial<RecurrentSeq2SeqConfig>
/** A bahdanau decoder of one layer by default, and an encoder whose own settings are not the decoder's. */
const config = (decoder: Settings = {}, encoder: object = {}): RecurrentSeq2SeqConfig => ({
  source: { vocabSize: 9 },
  target: { vocabSize: V },
  embeddingSize: 3,
  hiddenSize: 5,
  style: 'bahdanau',
  ...decoder,
  encoder: { embeddingSize: 4, hiddenSize: 5, numLayers: 1, cell: 'gru', bidirectional: false, dropout: 0, ...encoder },
})
const make = (decoder: Settings = {}, encoder: object = {}, rng = new RandomStream(1)) =>
  RecurrentSeq2Seq.create(config(decoder, encoder), { rng, registry })
const source = () => tf.tensor([1, 2, 3, 8, 4, 5, 0, 0], [B, S], 'int32')
const lengths = () => tf.tensor([4, 2], [B], 'int32')
const target = () => tf.tensor([0, 3, 6, 0, 5, 1], [B, T], 'int32')

/** Every style with every attention, on cells with one state tensor and with two. */
const variants: Record<string, { decoder: Settings; encoder?: object }> = {
  'without attention': { decoder: { attention: null } },
  'without attention, two layers of LSTM': {
    decoder: { attention: null, cell: 'lstm', numLayers: 2 },
    encoder: { cell: 'lstm', numLayers: 2 },
  },
  'bahdanau, additive': { decoder: {} },
  'bahdanau, additive, bidirectional encoder': { decoder: {}, encoder: { bidirectional: true } },
  'bahdanau, additive, two layers': { decoder: { numLayers: 2 } },
  'bahdanau, additive, LSTM after a GRU': { decoder: { cell: 'lstm' } },
  'bahdanau, dot': { decoder: { attention: 'dot' } },
  'bahdanau-deep, general': { decoder: { attention: 'general', style: 'bahdanau-deep' } },
  'luong, dot': { decoder: { attention: 'dot', style: 'luong' } },
  'luong, additive': { decoder: { style: 'luong' } },
  'luong-input-feeding, general, two layers of LSTM': {
    decoder: { attention: 'general', style: 'luong-input-feeding', cell: 'lstm', numLayers: 2 },
    encoder: { cell: 'lstm' },
  },
}

layerContract('RecurrentSeq2Seq', {
  make: (rng) => make({}, { bidirectional: true }, rng),
  inputs: () => [source(), lengths(), target()],
  run: (model, source, lengths, target) => {
    const { logits, attention } = model.forward(source!, lengths!, target!)
    return [logits, attention!]
  },
  shapes: [
    [B, T, V],
    [B, T, S],
  ],
  gradient: { elements: 4 },
})

describe('RecurrentSeq2Seq', () => {
  beforeAll(useCpu)

  for (const [name, { decoder, encoder }] of Object.entries(variants)) {
    const attends = decoder.attention !== null

    it(`${name}: steps give what the whole target gives`, () => {
      const model = make(decoder, encoder)
      const whole = model.forward(source(), lengths(), target())
      let state = model.encode(source(), lengths())
      const steps = tf.unstack(target(), 1).map((tokens) => {
        const step = model.step(tokens, state)
        state = step.state
        return step
      })
      expectClose(
        tf.stack(
          steps.map((step) => step.logits),
          1,
        ),
        whole.logits,
      )
      expect(whole.attention !== undefined).toBe(attends)
      if (attends) {
        expectClose(
          tf.stack(
            steps.map((step) => step.attention!),
            1,
          ),
          whole.attention!,
        )
      }
    })

    it(`${name}: its gradients are those of finite differences`, async () => {
      const model = make(decoder, encoder)
      await gradientCheck(() => model.forward(source(), lengths(), target()).logits, [], { root: model, elements: 3 })
    })

    it(`${name}: what stands past a source's length changes nothing`, () => {
      const model = make(decoder, encoder)
      const other = tf.tensor([1, 2, 3, 8, 4, 5, 7, 7], [B, S], 'int32')
      const outputs = [source(), other].map((ids) => model.forward(ids, lengths(), target()))
      expectClose(outputs[1]!.logits, outputs[0]!.logits)
      if (attends) expect((outputs[0]!.attention!.arraySync() as number[][][])[1]![0]!.slice(2)).toEqual([0, 0])
    })

    it(`${name}: rows of a state can be reordered`, () => {
      const model = make(decoder, encoder)
      const state = model.encode(source(), lengths())
      const swapped = mapTensors(state, (tensor) => tf.gather(tensor, tf.tensor([1, 0], [2], 'int32') as tf.Tensor1D))
      const step = model.step(tf.tensor([3, 6], [2], 'int32'), state)
      const other = model.step(tf.tensor([6, 3], [2], 'int32'), swapped as typeof state)
      expectClose(tf.reverse(other.logits, 0), step.logits)
    })
  }

  it('training gives the gradients that steps give', () => {
    for (const { decoder, encoder } of Object.values(variants)) {
      const model = make(decoder, encoder)
      // So near to 1 that every token is the true one, but step by step.
      const gradients = [1, 1 - 1e-15].map(
        (teacherForcing) =>
          valueAndGradients(model, () =>
            crossEntropy(model.forward(source(), lengths(), target(), { teacherForcing }).logits, target()),
          ).gradients,
      )
      for (const [path, parameter] of namedParameters(model)) {
        const [whole, stepped] = gradients.map((map) => map.get(parameter)) as [tf.Tensor, tf.Tensor]
        expectClose(stepped, whole, GRADIENT_TOLERANCE, path)
      }
    }
  })

  it('bahdanau: the query is the state of the last layer before the step', () => {
    const model = make({ numLayers: 2 })
    const state = model.encode(source(), lengths())
    const attentionAfter = (changed: number) => {
      const layers = state.layers.map((layer, i) => (i === changed ? layer.map((h) => tf.add(h, 1)) : layer))
      return model
        .step(tf.tensor([0, 0], [B], 'int32'), { ...state, layers })
        .attention!.dataSync()
        .join()
    }
    const unchanged = attentionAfter(-1)
    expect(attentionAfter(0)).toBe(unchanged)
    expect(attentionAfter(1)).not.toBe(unchanged)
  })

  it('without teacher forcing a step gets the best token of the step before', () => {
    const model = make()
    const free = model.forward(source(), lengths(), target(), { teacherForcing: 0 })
    let state = model.encode(source(), lengths())
    let tokens = tf.tensor([0, 0], [B], 'int32') as tf.Tensor
    for (let t = 0; t < T; t++) {
      const step = model.step(tokens, state)
      expectClose(step.logits, tf.squeeze(tf.slice(free.logits, [0, t, 0], [B, 1, V]), [1]))
      tokens = tf.cast(tf.argMax(step.logits, -1), 'int32')
      state = step.state
    }
    const forced = model.forward(source(), lengths(), target())
    expect(tf.max(tf.abs(tf.sub(free.logits, forced.logits))).dataSync()[0]).toBeGreaterThan(1e-4)
  })

  it('scheduled sampling mixes both by its probability, differently at each call and the same for a seed', () => {
    const sample = (rng: RandomStream) => {
      const model = make({}, {}, rng)
      return [1, 2, 3].map(() =>
        model.forward(source(), lengths(), target(), { teacherForcing: 0.5 }).logits.dataSync().join(),
      )
    }
    expect(new Set(sample(new RandomStream(4))).size).toBeGreaterThan(1)
    expect(sample(new RandomStream(4))).toEqual(sample(new RandomStream(4)))
    expect(() => make().forward(source(), lengths(), target(), { teacherForcing: 2 })).toThrow(
      /teacherForcing from 0 to 1/,
    )
  })

  it('the source may be vectors, such as frames of sound', () => {
    const model = make({ source: { featureSize: 3 } })
    const { logits, attention } = model.forward(randomTensor(new RandomStream(1), [B, S, 3]), lengths(), target())
    expect([logits.shape, attention!.shape]).toEqual([
      [B, T, V],
      [B, T, S],
    ])
    expect(() => model.forward(source(), lengths(), target())).toThrow(/expected vectors \[B, T, I\] or pictures/)
  })

  it('the source may be pictures, read as regions by a convolutional encoder or row by row by a recurrent one', () => {
    const source = { height: 4, width: 6, channels: 1 }
    const pictures = randomTensor(new RandomStream(1), [B, 4, 6, 1])
    const withEncoder = (encoder?: RecurrentSeq2SeqConfig['encoder']) => {
      const config = { source, target: { vocabSize: V }, hiddenSize: 6, dropout: 0.25, ...(encoder && { encoder }) }
      const model = RecurrentSeq2Seq.create(config, { rng: new RandomStream(1), registry })
      return { model, attention: model.forward(pictures, undefined, target()).attention!.shape }
    }
    const regions = withEncoder({ type: 'convolutional', blocks: [3, 4], summarySize: 6 })
    expect(regions.attention).toEqual([B, T, 2 * 3])
    expect(regions.model.bridge.kind).toBe('linear')
    expect((regions.model.encoder as ConvolutionalEncoder).dropout.rate).toBe(0.25)
    expect(withEncoder().attention).toEqual([B, T, 4])
  })

  it('the encoder has half of hiddenSize in each direction, all of it in one, or what it is given', () => {
    const sizeOf = (encoder: { hiddenSize?: number; numLayers?: number; bidirectional?: boolean }) => {
      const config = { source: { vocabSize: 9 }, target: { vocabSize: V }, hiddenSize: 7, numLayers: 2, encoder }
      const { encoder: built } = RecurrentSeq2Seq.create(config, { rng: new RandomStream(1), registry })
      return [built.outputSize, built.stateSizes!.length]
    }
    expect(sizeOf({})).toEqual([8, 2])
    expect(sizeOf({ bidirectional: false })).toEqual([7, 2])
    expect(sizeOf({ hiddenSize: 3, numLayers: 1 })).toEqual([6, 1])
  })

  it('dropout is active in training only', () => {
    const model = make({ dropout: 0.5 }, { dropout: 0.5 })
    const logits = () => model.forward(source(), lengths(), target()).logits.dataSync().join()
    expect(logits()).not.toBe(logits())
    setTraining(model, false)
    expect(logits()).toBe(logits())
  })

  it('an observer sees the memory and the attention weights', () => {
    const model = make()
    const seen = new Map<string, number[]>()
    withObserver(
      model,
      (path, value) => seen.set(path, value.shape),
      () => model.forward(source(), lengths(), target()),
    )
    expect(seen.get('encoder.outputs')).toEqual([B, S, 5])
    expect(seen.get('decoder.attention')).toEqual([B, T, S])
    expect(seen.get('decoder.features')).toEqual([B, T, 5])
  })

  it('it is built from data; what does not fit is refused with a reason', () => {
    const context = { rng: new RandomStream(1), registry }
    const model = registry.create(modelPoint, { type: 'recurrent-seq2seq', ...config() }, context)
    expect(model).toBeInstanceOf(RecurrentSeq2Seq)
    expect(() => make({ attention: 'aditive' })).toThrow(/no attention is named "aditive". Did you mean 'additive'/)
    expect(() => make({ attention: 'dot' }, { bidirectional: true })).toThrow(/DotAttention: expected a memory/)
    expect(() => make({ heads: 2 } as Settings)).toThrow(/RecurrentSeq2Seq: unknown key 'heads'/)
    expect(() => make({}, { numLayer: 2 })).toThrow(
      /encoder 'recurrent': unknown key 'numLayer'. Did you mean 'numLayers'/,
    )
    expect(() => make().forward(source(), lengths(), tf.zeros([3, T], 'int32'))).toThrow(/expected as many targets/)
    expect(() => make().encode(source(), tf.tensor([1], [1], 'int32'))).toThrow(/expected lengths \[2\]/)
    expect(() => make().step(target(), make().encode(source()))).toThrow(/expected tokens \[B\]/)
  })
})

function mapTensors(state: unknown, map: (tensor: tf.Tensor) => tf.Tensor): unknown {
  if (state instanceof tf.Tensor) return map(state)
  if (Array.isArray(state)) return state.map((inner) => mapTensors(inner, map))
  if (typeof state !== 'object' || state === null) return state
  return Object.fromEntries(Object.entries(state).map(([key, inner]) => [key, mapTensors(inner, map)]))
}
