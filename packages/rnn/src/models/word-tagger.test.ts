import { createRegistry, RandomStream } from '@heddle/core'
import { layersPlugin, namedParameters, setTraining, valueAndGradients } from '@heddle/layers'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { rnnPlugin } from '../plugin.ts'
import { WordTagger } from './word-tagger.ts'

const registry = createRegistry([layersPlugin, rnnPlugin])
const config = {
  input: { vocabSize: 5, numLetters: 9 },
  numLabels: 3,
  wordSize: 4,
  letterSize: 3,
  spellingSize: 2,
  hiddenSize: 4,
}
const model = new WordTagger(config, { rng: new RandomStream(1), registry })
type Inputs = Parameters<WordTagger['forward']>

/** Different words as [id, letters], and sentences as places among them. */
function inputsOf(words: readonly (readonly [number, number[]])[], sentences: readonly number[][]): Inputs {
  const padded = (rows: readonly number[][]) => {
    const width = Math.max(...rows.map(({ length }) => length))
    return tf.tensor2d(
      rows.map((row) => [...row, ...new Array<number>(width - row.length).fill(0)]),
      undefined,
      'int32',
    )
  }
  const counts = (rows: readonly number[][]) =>
    tf.tensor1d(
      rows.map(({ length }) => length),
      'int32',
    )
  const spellings = words.map(([, letters]) => letters)
  const ids = tf.tensor1d(
    words.map(([id]) => id),
    'int32',
  )
  return [padded(spellings), counts(spellings), ids, padded(sentences), counts(sentences)]
}

const logitsOf = (...batch: Parameters<typeof inputsOf>): number[][][] =>
  tf.tidy(() => model.forward(...inputsOf(...batch)).logits.arraySync() as number[][][])

beforeAll(async () => {
  await useCpu()
  setTraining(model, false)
})

describe('WordTagger', () => {
  it('tags a sentence the same alone and beside a longer one', () => {
    const [together] = logitsOf(
      [
        [0, [5, 6, 7, 8]],
        [1, [2, 3]],
        [2, [4]],
      ],
      [[0], [1, 2, 1]],
    )
    const [alone] = logitsOf([[0, [5, 6, 7, 8]]], [[0]])
    expect(together!.slice(0, 1).flat()).toEqual(alone!.flat().map((logit) => expect.closeTo(logit, 5)))
  })

  it('tells unknown words apart by their spelling', () => {
    const [first, second] = logitsOf(
      [
        [0, [5, 6]],
        [0, [6, 5]],
      ],
      [[0], [1]],
    )
    expect(first).not.toEqual(second)
  })

  it('gives a gradient to every parameter', () => {
    const inputs = inputsOf(
      [
        [1, [2, 3]],
        [2, [4]],
        [0, [5, 6, 7, 8]],
      ],
      [[0, 1, 0], [2]],
    )
    const { value, gradients } = valueAndGradients(
      model,
      () => tf.sum(tf.square(model.forward(...inputs).logits)) as tf.Scalar,
    )
    for (const [path, parameter] of namedParameters(model)) {
      const gradient = gradients.get(parameter)
      expect(gradient, path).toBeDefined()
      expect(
        tf.tidy(() => tf.max(tf.abs(gradient!)).dataSync()[0]),
        path,
      ).toBeGreaterThan(0)
    }
    tf.dispose([value, ...gradients.values(), ...inputs])
  })
})
