import { createRegistry, RandomStream } from '@heddle/core'
import { crossEntropy, setTraining } from '@heddle/layers'
import { RecurrentLanguageModel, type RecurrentState, rnnPlugin } from '@heddle/rnn'
import * as tf from '@tensorflow/tfjs-core'
import type { Workload } from '../../measure.ts'
import { randomIds, trainingStep } from './training-step.ts'

// B batch, T time

const vocabSize = 65

interface Sizes {
  readonly cell: 'lstm' | 'gru'
  readonly embeddingSize: number
  readonly hiddenSize: number
  readonly numLayers: number
}

const build = (sizes: Sizes) =>
  new RecurrentLanguageModel({ vocabSize, ...sizes }, { rng: new RandomStream(0), registry: createRegistry(rnnPlugin) })

/** Training of a recurrent language model on random ids [B, T]. */
export function languageModelTraining(sizes: Sizes, B: number, T: number): Workload {
  const model = build(sizes)
  const [ids, labels] = [randomIds(vocabSize, [B, T]), randomIds(vocabSize, [B, T])]
  return trainingStep(model, B * T, () => crossEntropy(model.forward(ids).logits, labels))
}

/** Greedy generation of `tokens` tokens one by one, batch 1. */
export function languageModelGeneration(sizes: Sizes, tokens: number): Workload {
  const model = build(sizes)
  setTraining(model, false)
  return {
    tokens,
    run() {
      let token: tf.Tensor = tf.zeros([1], 'int32')
      let state = model.initialState(1)
      for (let i = 0; i < tokens; i++) {
        const used = [token, ...state.flat()]
        let after: readonly RecurrentState[] = []
        token = tf.tidy(() => {
          const next = model.step(token, state)
          after = next.state.map((layer) => layer.map((tensor) => tf.keep(tensor)))
          return tf.argMax(next.logits, -1)
        })
        state = after
        tf.dispose(used)
      }
      token.dataSync()
      tf.dispose([token, ...state.flat()])
    },
  }
}
