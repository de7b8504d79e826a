import { createRegistry, RandomStream } from '@heddle/core'
import {
  EncoderClassifier,
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
import { expectClose, layerContract, randomTensor, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { rnnPlugin } from './plugin.ts'
import { RecurrentEncoder, type RecurrentEncoderConfig } from './recurrent-encoder.ts'

const [B, S, H, C] = [2, 4, 3, 5]
const registry = createRegistry([rnnPlugin])
const input = { vocabSize: 9 }
const make = (config: RecurrentEncoderConfig = {}, rng = new RandomStream(1)) =>
  new RecurrentEncoder({ embeddingSize: 4, hiddenSize: H, ...config }, { rng, registry, input })
const ids = () => tf.tensor([1, 2, 3, 8, 4, 5, 0, 0], [B, S], 'int32')
const lengths = () => tf.tensor([4, 2], [B], 'int32')

layerContract('RecurrentEncoder', {
  make: (rng) => make({ numLayers: 2, cell: 'lstm' }, rng),
  inputs: () => [ids(), lengths()],
  run: (encoder, source, lengths) => {
    const { outputs, summary } = encoder.forward(source!, { lengths: lengths! })
    return [outputs, summary]
  },
  shapes: [
    [B, S, 2 * H],
    [B, 2 * H],
  ],
  gradient: { elements: 3 },
})

describe('RecurrentEncoder', () => {
  beforeAll(useCpu)

  it('gives outputs, a summary, states and a mask of the sizes that it states', () => {
    const encoder = make({ numLayers: 2, cell: 'lstm' })
    const { outputs, summary, state, mask } = encoder.forward(ids(), { lengths: lengths() })
    expect(outputs.shape).toEqual([B, S, encoder.outputSize])
    expect(summary.shape).toEqual([B, encoder.summarySize])
    expect(state!.map((layer) => layer.map(({ shape }) => shape))).toEqual(
      encoder.stateSizes.map((sizes) => sizes.map((size) => [B, size])),
    )
    expect(mask!.arraySync()).toEqual([
      [1, 1, 1, 1],
      [1, 1, 0, 0],
    ])
  })

  it.each(['last', 'mean', 'max'] as const)('the %s of a padded row is that of the row alone', (pooling) => {
    const encoder = make({ pooling })
    const { summary } = encoder.forward(ids(), { lengths: lengths() })
    const alone = encoder.forward(tf.tensor([4, 5], [1, 2], 'int32')).summary
    expectClose(tf.slice(summary, [1, 0], [1, 2 * H]), alone)
  })

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
