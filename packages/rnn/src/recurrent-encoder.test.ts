import { createRegistry, RandomStream } from '@heddle/core'
import {
  EncoderClassifier,
  type EncoderInput,
  EncoderTagger,
  encoderPoint,
  layersPlugin,
  loadStateDict,
  modelPoint,
  namedParameters,
  setTrainable,
  stateDict,
  valueAndGradients,
} from '@heddle/layers'
import { encoderContract, expectClose, randomTensor, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { rnnPlugin } from './plugin.ts'
import { RecurrentEncoder } from './recurrent-encoder.ts'

const [B, S, H, C] = [2, 4, 3, 5]
const registry = createRegistry([rnnPlugin])
const input = { vocabSize: 9 }
const ids = () => tf.tensor([1, 2, 3, 8, 4, 5, 0, 0], [B, S], 'int32')
const lengths = () => tf.tensor([4, 2], [B], 'int32')

for (const [kind, input] of Object.entries<EncoderInput>({ tokens: { vocabSize: 9 }, vectors: { featureSize: 4 } })) {
  for (const pooling of ['last', 'mean', 'max'] as const) {
    const config = { embeddingSize: 4, hiddenSize: H, numLayers: 2, cell: 'lstm', pooling }
    encoderContract(`RecurrentEncoder of ${kind}, ${pooling}`, {
      make: (rng) => new RecurrentEncoder(config, { rng, registry, input }),
      input,
      sizes: { outputSize: 2 * H, summarySize: 2 * H },
      gradient: { elements: 3, kinks: pooling === 'max' },
    })
  }
}
encoderContract('RecurrentEncoder of vectors, in one direction, with dropout', {
  make: (rng) =>
    new RecurrentEncoder(
      { hiddenSize: H, bidirectional: false, dropout: 0.3 },
      { rng, registry, input: { featureSize: 2 } },
    ),
  input: { featureSize: 2 },
  sizes: { outputSize: H, summarySize: H },
  random: true,
})

describe('RecurrentEncoder', () => {
  beforeAll(useCpu)

  it('reads the rows of a picture', () => {
    const picture = { height: 5, width: 2, channels: 3 }
    const encoder = new RecurrentEncoder({ hiddenSize: H }, { rng: new RandomStream(1), registry, input: picture })
    const pictures = randomTensor(new RandomStream(2), [B, 5, 2, 3])
    expectClose(encoder.forward(pictures).outputs, encoder.forward(tf.reshape(pictures, [B, 5, 6])).outputs)
    expect(() => encoder.forward(ids())).toThrow(/expected vectors \[B, T, I\] or pictures \[B, H, W, C\], got \[2,4\]/)
  })
})

describe('a recurrent encoder below a head', () => {
  beforeAll(useCpu)
  const encoder = { type: 'recurrent', embeddingSize: 4, hiddenSize: H }
  const context = (seed: number) => ({ rng: new RandomStream(seed), registry })

  it('moves with its weights from a tagger to a classifier, and can be frozen by path', async () => {
    const tagger = new EncoderTagger({ input, numLabels: C, encoder }, context(1))
    const classifier = new EncoderClassifier({ input, numLabels: 2, encoder }, context(2))
    const { missing, unexpected } = loadStateDict(classifier, await stateDict(tagger), {
      strict: false,
      rename: (name) => (name.startsWith('encoder.') ? name : undefined),
    })
    expect([missing, unexpected]).toEqual([['output.weight', 'output.bias'], []])
    expectClose(classifier.forward(ids()).features, tagger.encoder.forward(ids()).summary)
    setTrainable(classifier, (path) => path.startsWith('encoder.'), false)
    const { gradients } = valueAndGradients(
      classifier,
      () => tf.sum(tf.square(classifier.forward(ids()).logits)) as tf.Scalar,
    )
    const trained = namedParameters(classifier).filter(([, parameter]) => gradients.has(parameter))
    expect(trained.map(([path]) => path)).toEqual(['output.weight', 'output.bias'])
  })

  it('may be any that a plugin contributes', () => {
    const acme = {
      name: 'acme',
      contributes: [
        encoderPoint.of({
          name: 'acme/reader',
          summary: 'a recurrent encoder with fixed settings',
          config: z.strictObject({}),
          create: (_, context) => new RecurrentEncoder({ embeddingSize: 4, hiddenSize: H, cell: 'rnn' }, context),
        }),
      ],
    }
    const mine = createRegistry([layersPlugin, rnnPlugin, acme])
    const spec = { type: 'tagger', input, numLabels: C, encoder: 'acme/reader' }
    const model = mine.create(modelPoint, spec, { rng: new RandomStream(1), registry: mine }) as EncoderTagger
    expect(model.forward(ids(), lengths()).logits.shape).toEqual([B, S, C])
  })
})
