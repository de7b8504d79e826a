import { HeddleError, RandomStream } from '@heddle/core'
import {
  Conv2D,
  crossEntropy,
  Embedding,
  gelu,
  geluTanh,
  LayerNorm,
  Linear,
  MaxPool2D,
  RMSNorm,
  silu,
} from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { type Computation, compareComputation } from '../differentiate.ts'
import type { GoldenCase } from '../golden-case.ts'
import { setting } from '../golden-case.ts'
import type { Handler } from '../handler.ts'

type Make = (golden: GoldenCase) => Computation

const shapeOf = (golden: GoldenCase, name: string): readonly number[] => {
  const raw = golden.tensors.get(name)
  if (raw === undefined) throw new HeddleError('format', `${golden.name}: expected a tensor '${name}', got none.`)
  return raw.shape
}
const rng = () => new RandomStream(0)
const elementwise =
  (fn: (x: tf.Tensor) => tf.Tensor): Make =>
  () => ({ weights: {}, compute: ({ x }) => ({ y: fn(x!) }) })

const makers: Record<string, Make> = {
  linear(golden) {
    const [outputSize, inputSize] = shapeOf(golden, 'w.weight') as [number, number]
    const linear = new Linear({ inputSize, outputSize }, rng())
    return {
      weights: {
        weight: { parameter: linear.weight, permutation: [1, 0] },
        bias: { parameter: linear.bias! },
      },
      compute: ({ x }) => ({ y: linear.forward(x!) }),
    }
  },
  layer_norm(golden) {
    const norm = new LayerNorm({ size: shapeOf(golden, 'w.weight')[0]! }, rng())
    return {
      weights: { weight: { parameter: norm.weight }, bias: { parameter: norm.bias! } },
      compute: ({ x }) => ({ y: norm.forward(x!) }),
    }
  },
  rms_norm(golden) {
    const norm = new RMSNorm({ size: shapeOf(golden, 'w.weight')[0]!, epsilon: 1e-6 }, rng())
    return { weights: { weight: { parameter: norm.weight } }, compute: ({ x }) => ({ y: norm.forward(x!) }) }
  },
  gelu_erf: elementwise(gelu),
  gelu_tanh: elementwise(geluTanh),
  silu: elementwise(silu),
  embedding(golden) {
    const [numEmbeddings, embeddingSize] = shapeOf(golden, 'w.weight') as [number, number]
    const embedding = new Embedding(
      { numEmbeddings, embeddingSize, paddingIndex: setting<number>(golden, 'padding_idx') },
      rng(),
    )
    return {
      weights: { weight: { parameter: embedding.weight } },
      compute: ({ ids }) => ({ y: embedding.forward(ids!) }),
    }
  },
  conv2d_pool(golden) {
    const [outputChannels, inputChannels, kernelSize] = shapeOf(golden, 'w.weight') as [number, number, number]
    const conv = new Conv2D(
      { inputChannels, outputChannels, kernelSize, padding: setting<number>(golden, 'padding') },
      rng(),
    )
    const pool = new MaxPool2D({ size: 2 })
    return {
      weights: {
        weight: { parameter: conv.weight, permutation: [2, 3, 1, 0] }, // [O, I, K, K] -> [K, K, I, O]
        bias: { parameter: conv.bias },
      },
      compute({ x }) {
        const images = tf.transpose(x!, [0, 2, 3, 1]) // [B, Y, X, I]
        return { y: tf.transpose(pool.forward(tf.relu(conv.forward(images))), [0, 3, 1, 2]) }
      },
    }
  },
}

const crossEntropyCase: Make = ({ settings }) => ({
  weights: {},
  compute: ({ logits, labels }) => ({
    loss: crossEntropy(logits!, labels!, {
      ...('ignore_index' in settings && { ignoreIndex: settings['ignore_index'] as number }),
      ...('label_smoothing' in settings && { labelSmoothing: settings['label_smoothing'] as number }),
      ...('reduction' in settings && { reduction: settings['reduction'] as 'mean' | 'sum' }),
    }),
  }),
})

const makerOf = (name: string): Make | undefined => {
  const kind = /^layers\/(.+)$/.exec(name)?.[1] ?? ''
  return kind.startsWith('cross_entropy') ? crossEntropyCase : Object.hasOwn(makers, kind) ? makers[kind] : undefined
}

/** layers/* */
export const layersHandler: Handler = {
  covers: (name) => makerOf(name) !== undefined,
  compare: async (golden) => compareComputation(golden, makerOf(golden.name)!(golden)),
}
