import { attentionPlugin } from '@heddle/attention'
import { createRegistry, RandomStream } from '@heddle/core'
import { crossEntropy, type Encoder, LayerNorm, layersPlugin, Module } from '@heddle/layers'
import { TransformerDecoder, TransformerSeq2Seq, transformerPlugin } from '@heddle/transformer'
import type * as tf from '@tensorflow/tfjs-core'
import type { Workload } from '../../measure.ts'
import { randomIds, trainingStep } from './training-step.ts'

// B batch, S steps of the source, T steps of the target, V vocabulary

const vocabSize = 5000
const [B, S, T] = [64, 20, 20]

/** The encoder-decoder of PyTorch's nn.Transformer, which puts a norm behind both stacks of post-norm layers. */
class NormedTransformer extends Module {
  readonly encoder: Encoder
  readonly encoderNorm: LayerNorm
  readonly decoder: TransformerDecoder

  constructor({ encoder, decoder }: TransformerSeq2Seq, rng: RandomStream) {
    super()
    const { input, layers, output } = decoder
    const size = encoder.outputSize
    this.encoder = encoder
    this.encoderNorm = new LayerNorm({ size }, rng)
    this.decoder = new TransformerDecoder({ input, layers, output, norm: new LayerNorm({ size }, rng) })
  }

  /** @returns logits [B, T, V] */
  override forward(source: tf.Tensor, target: tf.Tensor): tf.Tensor {
    const encoded = this.encoder.forward(source)
    return this.decoder.forward(target, { ...encoded, outputs: this.encoderNorm.forward(encoded.outputs) })
  }
}

/** Teacher-forced training of an encoder-decoder Transformer on random ids. */
export function transformerSeq2SeqTraining(): Workload {
  const rng = new RandomStream(0)
  const registry = createRegistry([layersPlugin, attentionPlugin, transformerPlugin])
  const tokens = { vocabSize }
  const sizes = { hiddenSize: 256, numLayers: 3, numHeads: 8 }
  const feedForward = { type: 'mlp', innerSize: 512, activation: 'relu' }
  const settings = { ...sizes, feedForward, residual: 'post-norm', positions: 'none', tied: false } as const
  const parts = TransformerSeq2Seq.create({ source: tokens, target: tokens, ...settings }, { rng, registry })
  const model = new NormedTransformer(parts, rng)
  const [source, target, labels] = [
    randomIds(vocabSize, [B, S]),
    randomIds(vocabSize, [B, T]),
    randomIds(vocabSize, [B, T]),
  ]
  return trainingStep(model, B * T, () => crossEntropy(model.forward(source, target), labels))
}
