import { type AdditiveAttention, attentionPlugin, type GeneralAttention } from '@heddle/attention'
import { createRegistry, RandomStream } from '@heddle/core'
import type { Linear } from '@heddle/layers'
import {
  type BahdanauDecoder,
  type LuongDecoder,
  RecurrentEncoder,
  RecurrentLanguageModel,
  RecurrentSeq2Seq,
  rnnPlugin,
} from '@heddle/rnn'
import { type Computation, compareComputation, type WeightOf } from '../differentiate.ts'
import { type GoldenCase, setting } from '../golden-case.ts'
import type { Handler } from '../handler.ts'
import { recurrentWeightsOf } from './recurrent-weights.ts'

const context = () => ({ rng: new RandomStream(0), registry: createRegistry([attentionPlugin, rnnPlugin]) })

const linear = (name: string, { weight, bias }: Linear): Record<string, WeightOf> => ({
  [`${name}.weight`]: { parameter: weight, permutation: [1, 0] },
  ...(bias && { [`${name}.bias`]: { parameter: bias } }),
})

function seq2seq(golden: GoldenCase, decoder: object, cell: string): RecurrentSeq2Seq {
  const [embeddingSize, hiddenSize] = [setting<number>(golden, 'embedding'), setting<number>(golden, 'hidden')]
  const size = (name: string) => setting<number>(golden, name)
  return RecurrentSeq2Seq.create(
    {
      source: { vocabSize: size('source_vocab') },
      target: { vocabSize: size('target_vocab') },
      ...{ embeddingSize, hiddenSize, cell },
      encoder: { bidirectional: false },
      ...decoder,
    },
    context(),
  )
}

function seq2seqComputation(model: RecurrentSeq2Seq, weights: Record<string, WeightOf>): Computation {
  const { encoder, decoder } = model
  if (!(encoder instanceof RecurrentEncoder)) throw new Error('seq2seq case: expected a recurrent encoder.')
  return {
    weights: {
      'source.weight': { parameter: encoder.embedding!.weight },
      'target.weight': { parameter: decoder.embedding.weight },
      ...recurrentWeightsOf(encoder.recurrent, 'encoder.'),
      ...recurrentWeightsOf(decoder.recurrent, 'cell.', false),
      ...linear('output', decoder.output),
      ...weights,
    },
    compute({ source, lengths, target }) {
      const { logits, attention } = model.forward(source!, lengths!, target!)
      return { logits, attention: attention! }
    },
  }
}

const models: Record<string, (golden: GoldenCase) => Computation> = {
  bahdanau_seq2seq(golden) {
    const model = seq2seq(golden, { attention: 'additive', style: 'bahdanau' }, 'gru')
    const attention = (model.decoder as BahdanauDecoder).attention as AdditiveAttention
    return seq2seqComputation(model, {
      ...linear('query', attention.query),
      ...linear('key', attention.key),
      ...linear('score', attention.score),
    })
  },
  luong_seq2seq(golden) {
    const model = seq2seq(golden, { attention: 'general', style: 'luong-input-feeding' }, 'lstm')
    const decoder = model.decoder as LuongDecoder
    const attention = decoder.attention as GeneralAttention
    return seq2seqComputation(model, { ...linear('combine', decoder.combine), ...linear('key', attention.key) })
  },
  lstm_language_model(golden) {
    const model = new RecurrentLanguageModel(
      {
        vocabSize: setting<number>(golden, 'vocab'),
        embeddingSize: setting<number>(golden, 'embedding'),
        hiddenSize: setting<number>(golden, 'hidden'),
        numLayers: setting<number>(golden, 'layers'),
      },
      context(),
    )
    return {
      weights: {
        'embedding.weight': { parameter: model.embedding.weight },
        ...recurrentWeightsOf(model.recurrent, 'recurrent.'),
        ...linear('output', model.output as Linear),
      },
      compute: ({ ids }) => ({ logits: model.forward(ids!).logits }),
    }
  },
}

const makerOf = (name: string) => {
  const kind = /^models\/(.+)$/.exec(name)?.[1] ?? ''
  return Object.hasOwn(models, kind) ? models[kind] : undefined
}

/** models/*: whole recurrent models. */
export const modelsHandler: Handler = {
  covers: (name) => makerOf(name) !== undefined,
  compare: async (golden) => compareComputation(golden, makerOf(golden.name)!(golden)),
}
