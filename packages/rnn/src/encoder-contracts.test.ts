import { createRegistry } from '@heddle/core'
import type { EncoderInput } from '@heddle/layers'
import { encoderContract } from '@heddle/testing'
import { rnnPlugin } from './plugin.ts'
import { RecurrentEncoder } from './recurrent-encoder.ts'

const registry = createRegistry([rnnPlugin])

const inputs: Record<string, EncoderInput> = { tokens: { vocabSize: 9 }, vectors: { featureSize: 4 } }
for (const [kind, input] of Object.entries(inputs)) {
  for (const pooling of ['last', 'mean', 'max'] as const) {
    const config = { embeddingSize: 4, hiddenSize: 3, numLayers: 2, cell: 'lstm', pooling }
    encoderContract(`RecurrentEncoder of ${kind}, ${pooling}`, {
      make: (rng) => new RecurrentEncoder(config, { rng, registry, input }),
      input,
      sizes: { outputSize: 6, summarySize: 6 },
      gradient: { elements: 3, kinks: pooling === 'max' },
    })
  }
}
