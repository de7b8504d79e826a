import { attentionPlugin } from '@heddle/attention'
import { createRegistry, RandomStream } from '@heddle/core'
import { greedy } from '@heddle/decoding'
import { layersPlugin, setTraining } from '@heddle/layers'
import { TransformerLanguageModel, transformerPlugin } from '@heddle/transformer'
import type { Workload } from '../../measure.ts'

/** Cached greedy decoding of `tokens` tokens from one, batch 1, by a GPT of 6 layers, width 384. */
export function gptGeneration(tokens: number): Workload {
  const context = {
    rng: new RandomStream(0),
    registry: createRegistry([layersPlugin, attentionPlugin, transformerPlugin]),
  }
  const model = new TransformerLanguageModel(
    {
      ...{ vocabSize: 65, contextLength: 512, hiddenSize: 384, numLayers: 6, numHeads: 6 },
      ...{ positions: 'learned', tied: false },
    },
    context,
  )
  setTraining(model, false)
  return {
    tokens,
    async run() {
      await greedy(model, model.initialState(1), { start: 0, maxLength: tokens })
    },
  }
}
