import { attentionPlugin } from '@heddle/attention'
import { createRegistry, RandomStream } from '@heddle/core'
import { crossEntropy, layersPlugin } from '@heddle/layers'
import { TransformerLanguageModel, transformerPlugin } from '@heddle/transformer'
import type { Workload } from '../../measure.ts'
import { randomIds, trainingStep } from './training-step.ts'

// B batch, T time

const vocabSize = 65

interface Sizes {
  readonly hiddenSize: number
  readonly numLayers: number
  readonly numHeads: number
}

/** Training of a GPT on random ids [B, T]: pre-norm layers, GELU, learned positions, an output layer of its own. */
export function transformerLanguageModelTraining(sizes: Sizes, B: number, T: number): Workload {
  const registry = createRegistry([layersPlugin, attentionPlugin, transformerPlugin])
  const config = { vocabSize, ...sizes, positions: 'learned', contextLength: T, tied: false }
  const model = new TransformerLanguageModel(config, { rng: new RandomStream(0), registry })
  const [ids, labels] = [randomIds(vocabSize, [B, T]), randomIds(vocabSize, [B, T])]
  return trainingStep(model, B * T, () => crossEntropy(model.forward(ids).logits, labels))
}
