import { attentionPlugin } from '@heddle/attention'
import { createRegistry, type PartSpec } from '@heddle/core'
import { decodingPlugin } from '@heddle/decoding'
import { layersPlugin } from '@heddle/layers'
import { rnnPlugin } from '@heddle/rnn'
import { trainerPlugin } from '@heddle/trainer'
import { recipesPlugin } from '../plugin.ts'

export const registry = createRegistry([
  layersPlugin,
  attentionPlugin,
  rnnPlugin,
  trainerPlugin,
  decodingPlugin,
  recipesPlugin,
])

/** A character model that trains in a second on the plain backend. */
export const tinyCharLm: PartSpec = {
  type: 'char-lm',
  characters: 3000,
  hiddenSize: 12,
  embeddingSize: 6,
  numLayers: 1,
  time: 16,
  batchSize: 4,
  steps: 12,
  warmupSteps: 2,
  evaluateEvery: 4,
  learningRate: 0.01,
  sampleLength: 20,
}

export const tinyTranslate: PartSpec = {
  type: 'translate',
  pairs: 150,
  validation: 8,
  test: 10,
  hiddenSize: 12,
  embeddingSize: 8,
  batchSize: 8,
  maxLength: 8,
  steps: 6,
  warmupSteps: 1,
  evaluateEvery: 3,
}
