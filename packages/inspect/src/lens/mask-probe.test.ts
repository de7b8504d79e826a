import { RandomStream } from '@heddle/core'
import { type Module, modelPoint, setTraining } from '@heddle/layers'
import { readMasked } from '@heddle/tasks'
import { useCpu } from '@heddle/testing'
import { type Tokenizer, trainCharTokenizer } from '@heddle/tokenizer'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { registry, transformer } from '../test-support/tiny-tasks.ts'
import { maskProbe, probeMasks } from './mask-probe.ts'

beforeAll(useCpu)

const TEXT = '나는 갔다'
const tokenizer: Tokenizer = trainCharTokenizer([TEXT], { specialTokens: ['<unk>', '[MASK]'] })

/** A BERT of two layers. */
const bert = (encoder: object = {}) =>
  registry.create(
    modelPoint,
    {
      type: 'bert-masked-lm',
      input: { vocabSize: tokenizer.vocabSize },
      encoder: {
        type: 'bert',
        hiddenSize: 8,
        numHeads: 2,
        numLayers: 2,
        maxPositions: 16,
        initializerRange: 0.3,
        ...encoder,
      },
    },
    { rng: new RandomStream(2), registry },
  )
const logitsOf = (model: Module, ids: readonly number[]) =>
  (model.forward(tf.tensor2d([...ids], [1, ids.length], 'int32')) as { logits: tf.Tensor }).logits

describe('probeMasks', () => {
  it.each([
    ['post-norm', {}],
    ['pre-norm', { residual: 'pre-norm' }],
  ])('asks a %s BERT for each token with that one masked, and leaks nothing', async (_, encoder) => {
    const model = bert(encoder)
    setTraining(model, false)
    const read = readMasked(model, tokenizer, TEXT, 'mine')
    await probeMasks(read)
    const before = tf.memory().numTensors
    const { tokens, probed, pseudoLogLikelihood } = (await probeMasks(read, { top: 3 }))!
    expect(tf.memory().numTensors).toBe(before)
    expect(tokens.map(({ text }) => text).join('')).toBe(TEXT)
    expect(probed.map(({ place }) => place)).toEqual([0, 1, 2, 3, 4])
    const [mask, ids] = [tokenizer.tokenToId('[MASK]')!, [...tokenizer.encodeIds(TEXT)]]
    let sum = 0
    for (const { place, tokens: best, probabilities, probability, rank } of probed) {
      const row = ids.map((id, t) => (t === place ? mask : id))
      const p = tf.tidy(() => {
        return (tf.softmax(logitsOf(model, row)).arraySync() as number[][][])[0]![place]!
      })
      expect(probability).toBeCloseTo(p[ids[place]!]!, 6)
      expect(rank).toBe(1 + p.filter((value) => value > p[ids[place]!]!).length)
      expect(probabilities).toEqual(
        [...p]
          .sort((a, b) => b - a)
          .slice(0, 3)
          .map((value) => expect.closeTo(value, 6)),
      )
      expect(best).toHaveLength(3)
      sum += Math.log(p[ids[place]!]!)
    }
    expect(pseudoLogLikelihood).toBeCloseTo(sum, 4)
  })

  it('can be of one place, and names a place that is not there', async () => {
    const read = readMasked(bert(), tokenizer, TEXT, 'mine')
    expect((await probeMasks(read, { place: 2 }))!.probed.map(({ place }) => place)).toEqual([2])
    await expect(probeMasks(read, { place: 5 })).rejects.toThrow('masks: expected a token from 0 to 4, got 5')
  })

  it('reads a mask in the text as the control token', () => {
    const { tokens, masking } = readMasked(bert(), tokenizer, '나는 [MASK]다', 'mine')
    expect(tokens.map(({ text }) => text)).toEqual(['나', '는', ' ', '[MASK]', '다'])
    expect(masking!.ids[3]).toBe(tokenizer.tokenToId('[MASK]'))
    expect(masking!.masked(0).tokens[0]!.text).toBe('[MASK]')
  })
})

describe('maskProbe', () => {
  it('refuses a model that predicts from one side', async () => {
    await expect(maskProbe(await transformer(), 'The old')).rejects.toThrow(
      "masks: expected a model that finds masked tokens, got mine, a 'transformer-lm'",
    )
  })
})
