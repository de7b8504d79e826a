import { attentionPlugin } from '@heddle/attention'
import { createRegistry, RandomStream } from '@heddle/core'
import { exportOnnx } from '@heddle/export'
import { crossEntropy, disposeParameters, layersPlugin, Module, setTraining } from '@heddle/layers'
import { BertPretraining, transformerPlugin } from '@heddle/transformer'
import * as tf from '@tensorflow/tfjs-core'
import type { Workload } from '../../measure.ts'
import type { ForwardPass } from '../forward-pass.ts'
import { randomIds, trainingStep } from './training-step.ts'

// B batch, T time, M masked tokens

/** BERT-mini with 8000 tokens. */
export const BERT_MINI = { vocabSize: 8000, hiddenSize: 256, numLayers: 4, numHeads: 4, maxPositions: 128 }
/** BERT-base, uncased. */
export const BERT_BASE = { vocabSize: 30_522, hiddenSize: 768, numLayers: 12, numHeads: 12, maxPositions: 512 }

function bert(vocabSize: number, sizes: Omit<typeof BERT_BASE, 'vocabSize'>) {
  const registry = createRegistry([layersPlugin, attentionPlugin, transformerPlugin])
  const encoder = { type: 'bert', ...sizes, dropout: 0, attention: { dropout: 0 } }
  return new BertPretraining({ input: { vocabSize }, encoder }, { rng: new RandomStream(0), registry })
}

/** Pre-training of a BERT-mini on random ids [16, 128]: 20 masked tokens a row, and pairs of segments. */
export function bertPretraining(): Workload {
  const [B, T, masked] = [16, 128, 20]
  const { vocabSize, ...sizes } = BERT_MINI
  const model = bert(vocabSize, sizes)
  const [ids, segments] = [randomIds(vocabSize, [B, T]), randomIds(2, [B, T])]
  const rng = new RandomStream(1)
  const drawn = Int32Array.from({ length: B * masked }, (_, i) => Math.floor(i / masked) * T + rng.integer(T))
  const places = tf.tensor1d(drawn, 'int32')
  const [labels, pairLabels] = [randomIds(vocabSize, [B * masked]), randomIds(2, [B])]
  return trainingStep(model, B * T, () => {
    const { logits, pairLogits } = model.forward(ids, undefined, { segments, places })
    return tf.add(crossEntropy(logits, labels), crossEntropy(pairLogits, pairLabels))
  })
}

/** The forward pass of a pre-training model in which the first token of each row is predicted, as an export sees it. */
class FirstTokens extends Module {
  readonly model: BertPretraining

  constructor(model: BertPretraining) {
    super()
    this.model = model
  }

  override forward(ids: tf.Tensor, _lengths: tf.Tensor | undefined, segments: tf.Tensor) {
    const [B, T] = ids.shape as [number, number]
    const places = tf.mul(tf.range(0, B, 1, 'int32'), tf.scalar(T, 'int32'))
    return this.model.forward(ids, undefined, { segments, places })
  }
}

/** Forward pass of a BERT on random ids [B, 128]: one token of each row, and the pair, through the heads. */
export function bertInference({ vocabSize, ...sizes }: typeof BERT_BASE, B: number): ForwardPass {
  const T = 128
  const model = bert(vocabSize, sizes)
  setTraining(model, false)
  const [ids, segments] = [randomIds(vocabSize, [B, T]), tf.zeros([B, T], 'int32')]
  const places = tf.tensor1d(
    Array.from({ length: B }, (_, b) => b * T),
    'int32',
  )
  const pass = async () => {
    const { logits, pairLogits } = tf.tidy(() => model.forward(ids, undefined, { segments, places }))
    const [predicted, pair] = await Promise.all([logits.data<'float32'>(), pairLogits.data<'float32'>()])
    tf.dispose([logits, pairLogits])
    return { logits: predicted, pairLogits: pair }
  }
  return {
    tokens: B * T,
    run: async () => void (await pass()),
    async toOnnx() {
      const [graph] = exportOnnx(new FirstTokens(model), { type: 'bert-pretraining', input: { vocabSize } })
      const input = async (tensor: tf.Tensor) => ({ shape: tensor.shape, values: [...(await tensor.data())] })
      const inputs = { inputs: await input(ids), segments: await input(segments) }
      return { graph: graph!.bytes, inputs, outputs: await pass() }
    },
    dispose() {
      disposeParameters(model)
      tf.dispose([ids, segments, places])
    },
  }
}
