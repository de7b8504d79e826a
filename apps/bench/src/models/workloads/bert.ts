import { attentionPlugin } from '@heddle/attention'
import { createRegistry, RandomStream } from '@heddle/core'
import { crossEntropy, layersPlugin, setTraining } from '@heddle/layers'
import { BertPretraining, transformerPlugin } from '@heddle/transformer'
import * as tf from '@tensorflow/tfjs-core'
import type { Workload } from '../../measure.ts'
import { randomIds, trainingStep } from './training-step.ts'

// B batch, T time, M masked tokens

function bert(
  vocabSize: number,
  sizes: { hiddenSize: number; numLayers: number; numHeads: number; maxPositions: number },
) {
  const registry = createRegistry([layersPlugin, attentionPlugin, transformerPlugin])
  const encoder = { type: 'bert', ...sizes, dropout: 0, attention: { dropout: 0 } }
  return new BertPretraining({ input: { vocabSize }, encoder }, { rng: new RandomStream(0), registry })
}

/** Pre-training of a BERT-mini on random ids [16, 128]: 20 masked tokens a row, and pairs of segments. */
export function bertPretraining(): Workload {
  const [vocabSize, B, T, masked] = [8000, 16, 128, 20]
  const model = bert(vocabSize, { hiddenSize: 256, numLayers: 4, numHeads: 4, maxPositions: T })
  const [ids, segments] = [randomIds(vocabSize, [B, T]), randomIds(2, [B, T])]
  const rng = new RandomStream(1)
  const drawn = Int32Array.from({ length: B * masked }, (_, i) => Math.floor(i / masked) * T + rng.integer(T))
  const places = tf.tensor1d(drawn, 'int32')
  const [labels, pairLabels] = [randomIds(vocabSize, [B * masked]), randomIds(2, [B])]
  return trainingStep(model, B * T, () => {
    const { logits, nextSentence } = model.forward(ids, undefined, { segments, places })
    return tf.add(crossEntropy(logits, labels), crossEntropy(nextSentence, pairLabels))
  })
}

/** Forward pass of a BERT-base on random ids [B, 128]: one token of each row, and the pair, through the heads. */
export function bertInference(B: number): Workload {
  const [vocabSize, T] = [30_522, 128]
  const model = bert(vocabSize, { hiddenSize: 768, numLayers: 12, numHeads: 12, maxPositions: 512 })
  setTraining(model, false)
  const [ids, segments] = [randomIds(vocabSize, [B, T]), tf.zeros([B, T], 'int32')]
  const places = tf.tensor1d(
    Array.from({ length: B }, (_, b) => b * T),
    'int32',
  )
  return {
    tokens: B * T,
    async run() {
      const { logits, nextSentence } = tf.tidy(() => model.forward(ids, undefined, { segments, places }))
      await Promise.all([logits.data(), nextSentence.data()])
      tf.dispose([logits, nextSentence])
    },
  }
}
