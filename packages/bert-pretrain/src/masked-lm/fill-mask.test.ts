import { useWasm } from '@heddle/kernels'
import { learnWordPieces } from '@heddle/tasks'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import { fillMask } from './fill-mask.ts'
import type { MaskedLanguageModel } from './masked-language-model.ts'

beforeAll(() => useWasm({ threads: 1 }))

const tokenizer = await learnWordPieces(['the fox sleeps', 'the bear wakes'], { vocabSize: 60, lowercase: true })

/** A model that finds these tokens in every place, the first one the most likely. */
function modelOf(...tokens: string[]): MaskedLanguageModel {
  const row = new Float32Array(tokenizer.vocabSize)
  for (const [rank, token] of tokens.entries()) row[tokenizer.tokenToId(token)!] = 10 - rank
  const forward = (_: tf.Tensor, __?: tf.Tensor, { places }: { places?: tf.Tensor } = {}) => ({
    logits: tf.tile(tf.tensor2d(row, [1, row.length]), [places!.size, 1]),
  })
  return { forward } as unknown as MaskedLanguageModel
}

it('writes the text with each token in the place of the mask, and other masks as they are', async () => {
  const [first, second] = await fillMask(modelOf('fox', 'bear'), tokenizer, 'the [MASK] sleeps [MASK]', { top: 2 })
  expect(first!.tokens.map(({ text }) => text)).toEqual(['the fox sleeps [MASK]', 'the bear sleeps [MASK]'])
  expect(second!.tokens.map(({ text }) => text)).toEqual(['the [MASK] sleeps fox', 'the [MASK] sleeps bear'])
  expect(first!.tokens[0]!.score).toBeGreaterThan(0.5)
})

it('leaves a special token that is predicted out of the text', async () => {
  const [mask] = await fillMask(modelOf('[MASK]', '[SEP]'), tokenizer, 'the [MASK] sleeps', { top: 2 })
  expect(mask!.tokens.map(({ token, text }) => [token, text])).toEqual([
    ['[MASK]', 'the sleeps'],
    ['[SEP]', 'the sleeps'],
  ])
})
