import { CrossAttention, SelfAttention } from '@heddle/attention'
import { RandomStream } from '@heddle/core'
import { type ActivationName, Dropout, LayerNorm } from '@heddle/layers'
import { MLP, postNorm, preNorm, TransformerDecoderLayer, TransformerEncoderLayer } from '@heddle/transformer'
import * as tf from '@tensorflow/tfjs-core'
import { type Computation, compareComputation } from '../differentiate.ts'
import { type GoldenCase, setting } from '../golden-case.ts'
import type { Handler } from '../handler.ts'
import { linearWeights, projectionWeights } from './transformer-weights.ts'

type Weights = Computation['weights']

/** transformer/{encoder_layer, decoder_layer, full}_{pre, post}_norm */
export const transformerHandler: Handler = {
  covers: (name) => /^transformer\/(encoder_layer|decoder_layer|full)_(pre|post)_norm$/.test(name),
  async compare(golden) {
    const kind = /\/(encoder_layer|decoder_layer|full)_/.exec(golden.name)![1]!
    return compareComputation(golden, makers[kind]!(golden))
  },
}

const rng = new RandomStream(0)
const keyMaskOf = (pad: tf.Tensor) => tf.logicalNot(tf.cast(pad, 'bool'))

const makers: Record<string, (golden: GoldenCase) => Computation> = {
  encoder_layer(golden) {
    const layer = encoderLayer(golden)
    return {
      weights: encoderLayerWeights(layer, ''),
      compute: ({ src, pad }) => {
        const real = tf.cast(keyMaskOf(pad!), 'float32')
        return { y: tf.mul(layer.forward(src!, keyMaskOf(pad!)), tf.expandDims(real, 2)) }
      },
    }
  },
  decoder_layer(golden) {
    const layer = decoderLayer(golden)
    return {
      weights: decoderLayerWeights(layer, ''),
      compute: ({ src, tgt, pad }) => ({ y: layer.forward(tgt!, src!, keyMaskOf(pad!)) }),
    }
  },
  full(golden) {
    const [encoder, decoder] = [[0, 1].map(() => encoderLayer(golden)), [0, 1].map(() => decoderLayer(golden))]
    const [encoderNorm, decoderNorm] = [norm(golden), norm(golden)]
    return {
      weights: {
        ...Object.assign({}, ...encoder.map((layer, i) => encoderLayerWeights(layer, `encoder.layers.${i}.`))),
        ...Object.assign({}, ...decoder.map((layer, i) => decoderLayerWeights(layer, `decoder.layers.${i}.`))),
        ...normWeights(encoderNorm, 'encoder.norm'),
        ...normWeights(decoderNorm, 'decoder.norm'),
      },
      compute: ({ src, tgt, pad }) => {
        const keyMask = keyMaskOf(pad!)
        const memory = encoderNorm.forward(encoder.reduce((x, layer) => layer.forward(x, keyMask), src!))
        return { y: decoderNorm.forward(decoder.reduce((x, layer) => layer.forward(x, memory, keyMask), tgt!)) }
      },
    }
  },
}

const norm = (golden: GoldenCase) => new LayerNorm({ size: setting<number>(golden, 'dim') }, rng)

function layerParts(golden: GoldenCase, causal: boolean) {
  const [hiddenSize, numHeads] = [setting<number>(golden, 'dim'), setting<number>(golden, 'heads')]
  const activation = setting<ActivationName>(golden, 'activation')
  return {
    attention: new SelfAttention({ hiddenSize, numHeads, causal }, {}, rng),
    attentionNorm: norm(golden),
    feedForward: new MLP({ hiddenSize, innerSize: setting<number>(golden, 'ff'), activation }, rng),
    feedForwardNorm: norm(golden),
    residual: setting<boolean>(golden, 'norm_first') ? preNorm : postNorm,
    dropout: new Dropout({ rate: 0 }, rng),
  }
}

const encoderLayer = (golden: GoldenCase) => new TransformerEncoderLayer(layerParts(golden, false))

function decoderLayer(golden: GoldenCase): TransformerDecoderLayer {
  const [hiddenSize, numHeads] = [setting<number>(golden, 'dim'), setting<number>(golden, 'heads')]
  return new TransformerDecoderLayer({
    ...layerParts(golden, true),
    crossAttention: new CrossAttention({ hiddenSize, memorySize: hiddenSize, numHeads }, {}, rng),
    crossAttentionNorm: norm(golden),
  })
}

const normWeights = ({ weight, bias }: LayerNorm, prefix: string): Weights => ({
  [`${prefix}.weight`]: { parameter: weight },
  [`${prefix}.bias`]: { parameter: bias! },
})

function sharedWeights({ attention, feedForward }: TransformerEncoderLayer | TransformerDecoderLayer, prefix: string) {
  const { input, output } = feedForward as MLP
  return {
    ...projectionWeights(attention, `${prefix}self_attn.`),
    ...linearWeights(input, `${prefix}linear1`),
    ...linearWeights(output, `${prefix}linear2`),
  }
}

const encoderLayerWeights = (layer: TransformerEncoderLayer, prefix: string): Weights => ({
  ...sharedWeights(layer, prefix),
  ...normWeights(layer.attentionNorm as LayerNorm, `${prefix}norm1`),
  ...normWeights(layer.feedForwardNorm as LayerNorm, `${prefix}norm2`),
})

const decoderLayerWeights = (layer: TransformerDecoderLayer, prefix: string): Weights => ({
  ...sharedWeights(layer, prefix),
  ...projectionWeights(layer.crossAttention, `${prefix}multihead_attn.`),
  ...normWeights(layer.attentionNorm as LayerNorm, `${prefix}norm1`),
  ...normWeights(layer.crossAttentionNorm as LayerNorm, `${prefix}norm2`),
  ...normWeights(layer.feedForwardNorm as LayerNorm, `${prefix}norm3`),
})
