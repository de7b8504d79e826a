import { RandomStream } from '@heddle/core'
import { NgramModel } from '@heddle/ngram'
import { describe, expect, it } from 'vitest'
import type { LanguageModelingPipeline } from './language-modeling.ts'
import { bestNgram } from './ngram-baseline.ts'

const ALPHABET = 'abcd'
const encode = async (texts: readonly string[]) => Int32Array.from(texts.join(''), (letter) => ALPHABET.indexOf(letter))
const pipeline = { encode, vocabSize: ALPHABET.length } as LanguageModelingPipeline

/** Each character depends on the one before the last alone: order 3 knows all, and more is wasted. */
function everySecond(length: number): string {
  const rng = new RandomStream(4)
  let text = 'ab'
  while (text.length < length) {
    const before = ALPHABET.indexOf(text.at(-2)!)
    text += rng.uniform() < 0.8 ? ALPHABET[(before + 1) % 4] : ALPHABET[rng.integer(4)]
  }
  return text
}

const text = everySecond(6000)
const parts = { train: [text.slice(0, 4000)], validation: [text.slice(4000, 5000)], test: [text.slice(5000)], pipeline }

describe('bestNgram', () => {
  it('takes the order that is best on the validation part', async () => {
    const context = { ...parts, heldOut: parts.test }
    const { order, loss, bitsPerCharacter, perplexity } = await bestNgram(2, 6)(context)
    expect(order).toBe(3)
    // The entropy of 0.85, 0.05, 0.05, 0.05.
    expect(loss).toBeCloseTo(-0.85 * Math.log(0.85) - 0.15 * Math.log(0.05), 1)
    expect(bitsPerCharacter).toBeCloseTo(loss! / Math.LN2, 9)
    expect(perplexity).toBeCloseTo(Math.exp(loss!), 9)
    expect((await bestNgram(1, 2)(context))['loss']).toBeGreaterThan(loss! + 0.5)
  })

  it('is measured on the held-out part', async () => {
    const model = NgramModel.fromStream(await encode(parts.train), { order: 4, vocabSize: 4 })
    for (const heldOut of [parts.test, parts.validation]) {
      const { logProbability, numTokens } = model.evaluate([await encode(heldOut)])
      expect((await bestNgram(4, 4)({ ...parts, heldOut }))['loss']).toBe(-logProbability / numTokens)
    }
  })
})
