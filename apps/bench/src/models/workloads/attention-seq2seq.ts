import { attentionPlugin } from '@heddle/attention'
import { createRegistry, RandomStream } from '@heddle/core'
import { crossEntropy } from '@heddle/layers'
import { RecurrentSeq2Seq, rnnPlugin } from '@heddle/rnn'
import type { Workload } from '../../measure.ts'
import { randomIds, trainingStep } from './training-step.ts'

// B batch, S steps of the source, T steps of the target

const vocabSize = 5000
const [B, S, T] = [64, 20, 20]

/** Teacher-forced training of a GRU encoder-decoder with additive attention on random ids. */
export function bahdanauTraining(): Workload {
  const context = { rng: new RandomStream(0), registry: createRegistry([attentionPlugin, rnnPlugin]) }
  const tokens = { vocabSize }
  const encoder = { hiddenSize: 256, bidirectional: false }
  const model = RecurrentSeq2Seq.create(
    { source: tokens, target: tokens, hiddenSize: 256, style: 'bahdanau', encoder, bridge: 'copy' },
    context,
  )
  const [source, target, labels] = [
    randomIds(vocabSize, [B, S]),
    randomIds(vocabSize, [B, T]),
    randomIds(vocabSize, [B, T]),
  ]
  return trainingStep(model, B * T, () => crossEntropy(model.forward(source, undefined, target).logits, labels))
}
