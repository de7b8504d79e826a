import { createRegistry, RandomStream } from '@heddle/core'
import { layersPlugin, namedParameters, setTraining, valueAndGradients } from '@heddle/layers'
import { rnnPlugin } from '@heddle/rnn'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { sentenceBatch } from './sentence-batch.ts'
import { WordTagger } from './word-tagger.ts'

const registry = createRegistry([layersPlugin, rnnPlugin])
const config = { numWords: 5, numLetters: 9, numTags: 3, wordSize: 4, letterSize: 3, spellingSize: 2, hiddenSize: 4 }
const model = new WordTagger(config, { rng: new RandomStream(1), registry })
const word = (id: number, ...spelling: number[]) => ({ id, spelling })
const sentences = [
  { words: [word(1, 2, 3), word(2, 4), word(1, 2, 3)], labels: [0, 1, 2] },
  { words: [word(0, 5, 6, 7, 8)], labels: [1] },
]

function logitsOf(batch: typeof sentences): number[][][] {
  const { inputs, labels } = sentenceBatch(batch)
  const logits = tf.tidy(() => model.forward(...(inputs as Parameters<WordTagger['forward']>)).logits.arraySync())
  tf.dispose([...inputs, labels])
  return logits as number[][][]
}

beforeAll(async () => {
  await useCpu()
  setTraining(model, false)
})

describe('WordTagger', () => {
  it('spells each different word of a batch once', () => {
    const { inputs, labels } = sentenceBatch(sentences)
    const [spellings, letterCounts, wordIds, places, lengths] = inputs.map((tensor) => tensor.arraySync())
    expect(spellings).toHaveLength(3)
    expect(letterCounts).toEqual([2, 1, 4])
    expect(wordIds).toEqual([1, 2, 0])
    expect((places as number[][])[0]).toEqual([0, 1, 0])
    expect(lengths).toEqual([3, 1])
    tf.dispose([...inputs, labels])
  })

  it('tags a sentence the same alone and beside a longer one', () => {
    const [together] = logitsOf([sentences[1]!, sentences[0]!])
    const [alone] = logitsOf([sentences[1]!])
    expect(together!.slice(0, 1).flat()).toEqual(alone!.flat().map((logit) => expect.closeTo(logit, 5)))
  })

  it('tells unknown words apart by their spelling', () => {
    const [[first], [second]] = logitsOf([
      { words: [word(0, 5, 6)], labels: [0] },
      { words: [word(0, 6, 5)], labels: [0] },
    ]) as [number[][], number[][]]
    expect(first).not.toEqual(second)
  })

  it('gives a gradient to every parameter', () => {
    const { inputs, labels } = sentenceBatch(sentences)
    const { value, gradients } = valueAndGradients(model, () => {
      const { logits } = model.forward(...(inputs as Parameters<WordTagger['forward']>))
      return tf.sum(tf.square(logits)) as tf.Scalar
    })
    for (const [path, parameter] of namedParameters(model)) {
      const gradient = gradients.get(parameter)
      expect(gradient, path).toBeDefined()
      expect(
        tf.tidy(() => tf.max(tf.abs(gradient!)).dataSync()[0]),
        path,
      ).toBeGreaterThan(0)
    }
    tf.dispose([value, ...gradients.values(), ...inputs, labels])
  })
})
