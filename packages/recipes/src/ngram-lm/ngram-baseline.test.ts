import { RandomStream } from '@heddle/core'
import { NgramModel } from '@heddle/ngram'
import { stories } from '@heddle/synthetic'
import { describe, expect, it } from 'vitest'
import { corpusFiles, corpusIds, corpusTokenizer } from '../char-lm/text-corpus.ts'
import { ngramBaseline } from './ngram-baseline.ts'

/** Each character depends on the one before the last alone: order 3 knows all, and more is wasted. */
function everySecond(length: number): string {
  const rng = new RandomStream(4)
  let text = 'ab'
  while (text.length < length) {
    const before = 'abcd'.indexOf(text.at(-2)!)
    text += rng.uniform() < 0.8 ? 'abcd'[(before + 1) % 4] : 'abcd'[rng.integer(4)]
  }
  return text
}

describe('ngramBaseline', () => {
  it('takes the order that is best on the validation part', async () => {
    const text = everySecond(6000)
    const dataset = { train: [text.slice(0, 4000)], validation: [text.slice(4000, 5000)], test: [text.slice(5000)] }
    const { order, loss, bitsPerCharacter, perplexity } = await ngramBaseline(dataset, { lowest: 2, highest: 6 })
    expect(order).toBe(3)
    // The entropy of 0.85, 0.05, 0.05, 0.05.
    expect(loss).toBeCloseTo(-0.85 * Math.log(0.85) - 0.15 * Math.log(0.05), 1)
    expect(bitsPerCharacter).toBeCloseTo(loss / Math.LN2, 9)
    expect(perplexity).toBeCloseTo(Math.exp(loss), 9)
    expect((await ngramBaseline(dataset, { lowest: 1, highest: 2 })).loss).toBeGreaterThan(loss + 0.5)
  })

  it('is measured on the test part where there is one, else on the validation part', async () => {
    const text = stories(20_000, new RandomStream(1))
    const parts = { train: [text.slice(0, 16_000)], validation: [text.slice(16_000, 18_000)] }
    const tokenizer = corpusTokenizer(corpusFiles(parts.train))
    const model = NgramModel.fromStream(corpusIds(tokenizer, parts.train), {
      order: 4,
      vocabSize: tokenizer.vocabSize,
    })
    const lossOn = (held: string) => {
      const { logProbability, numTokens } = model.evaluate([corpusIds(tokenizer, [held])])
      return -logProbability / numTokens
    }
    const test = text.slice(18_000)
    const only = { lowest: 4, highest: 4 }
    expect((await ngramBaseline({ ...parts, test: [test] }, only)).loss).toBe(lossOn(test))
    expect((await ngramBaseline({ ...parts, test: [] }, only)).loss).toBe(lossOn(parts.validation[0]!))
  })
})
