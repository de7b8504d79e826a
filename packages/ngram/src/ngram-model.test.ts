import { RandomStream } from '@heddle/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { estimateDiscounts } from './kneser-ney.ts'
import { NgramModel } from './ngram-model.ts'

/** Modified Kneser-Ney straight from its definition, on strings and maps. */
function plainKneserNey(sequences: number[][], order: number, vocabSize: number, hasBegin: boolean) {
  const texts = sequences.map((sequence) => (hasBegin ? ['<', ...sequence.map(String)] : sequence.map(String)))
  const all = (k: number) =>
    texts.flatMap((text) => text.slice(0, Math.max(0, text.length - k + 1)).map((_, i) => text.slice(i, i + k)))
  const count = (k: number): Map<string, number> => {
    const counts = new Map<string, number>()
    for (const ngram of all(k)) {
      const key = ngram.join(' ')
      if (k === order || ngram[0] === '<') counts.set(key, (counts.get(key) ?? 0) + 1)
      else
        counts.set(
          key,
          new Set(
            all(k + 1)
              .filter((longer) => longer.slice(1).join(' ') === key)
              .map((longer) => longer[0]),
          ).size,
        )
    }
    if (k === 1) counts.delete('<')
    return counts
  }
  const counts = Array.from({ length: order }, (_, k) => count(k + 1))
  const discounts = counts.map((map) => [0, ...estimateDiscounts(map.values()).values])
  const probability = (token: number, context: string[]): number => {
    const k = context.length
    const followers = [...counts[k]!].filter(([key]) => key.split(' ').slice(0, -1).join(' ') === context.join(' '))
    const discountOf = (c: number) => discounts[k]![Math.min(3, c)]!
    const total = followers.reduce((sum, [, c]) => sum + c, 0)
    const shorter = k === 0 ? 1 / vocabSize : probability(token, context.slice(1))
    if (total === 0) return shorter
    const own = counts[k]!.get([...context, token].join(' ')) ?? 0
    const left = followers.reduce((sum, [, c]) => sum + discountOf(c), 0)
    return (own - discountOf(own) + left * shorter) / total
  }
  return (token: number, context: number[]) => {
    const full = hasBegin ? ['<', ...context.map(String)] : context.map(String)
    return probability(token, order === 1 ? [] : full.slice(-(order - 1)))
  }
}

const V = 4
const token = fc.integer({ min: 0, max: V - 1 })
const skewed = fc.oneof(fc.constant(0), fc.constant(1), token)
const corpus = fc
  .array(fc.array(skewed, { maxLength: 12 }), { minLength: 1, maxLength: 12 })
  .filter((list) => list.some(({ length }) => length > 0))
const sum = (values: Float64Array) => values.reduce((total, value) => total + Math.exp(value), 0)

/** A text in which every n-gram count from 1 to 4 occurs, so that the discounts are estimated. */
function longText(length: number, vocabSize: number, seed = 5): number[] {
  const rng = new RandomStream(seed)
  const ids = [0, 1]
  while (ids.length < length) {
    const drawn = Math.floor(vocabSize * rng.uniform() ** 3)
    ids.push(rng.uniform() < 0.5 ? (ids.at(-1)! * 2 + ids.at(-2)! + (drawn % 2)) % vocabSize : drawn)
  }
  return ids
}

describe('NgramModel', () => {
  it('equals the definition, on sequences and on streams, for every context', () => {
    fc.assert(
      fc.property(
        corpus,
        fc.integer({ min: 1, max: 4 }),
        fc.array(token, { maxLength: 5 }),
        fc.boolean(),
        (sequences, order, context, hasBegin) => {
          const options = { order, vocabSize: V }
          const stream = sequences.flat()
          const model = hasBegin ? NgramModel.fromSequences(sequences, options) : NgramModel.fromStream(stream, options)
          const plain = plainKneserNey(hasBegin ? sequences : [stream], order, V, hasBegin)
          const got = model.logProbabilities(context)
          for (let w = 0; w < V; w++) expect(Math.exp(got[w]!)).toBeCloseTo(plain(w, context), 12)
        },
      ),
      { numRuns: 150 },
    )
  })

  it('equals the definition where the discounts are estimated', () => {
    const ids = longText(600, 30)
    const model = NgramModel.fromStream(ids, { order: 3, vocabSize: 30 })
    expect(model.discounts.slice(1).every(({ estimated }) => estimated)).toBe(true)
    const plain = plainKneserNey([ids], 3, 30, false)
    for (const context of [ids.slice(10, 12), ids.slice(100, 102), [29, 28], [3, 0]]) {
      const got = model.logProbabilities(context)
      for (let w = 0; w < 30; w += 3) expect(Math.exp(got[w]!)).toBeCloseTo(plain(w, context), 12)
    }
  })

  it('has probabilities that sum to one and are above zero, for seen and unseen contexts', () => {
    const ids = longText(5000, 50)
    for (const order of [1, 2, 5]) {
      const model = NgramModel.fromStream(ids, { order, vocabSize: 60 })
      for (const context of [
        [],
        [59],
        [59, 58, 57, 56],
        ids.slice(0, 3),
        ids.slice(-4),
        ids.slice(700, 704),
        [59, ...ids.slice(50, 53)],
      ]) {
        const logs = model.logProbabilities(context)
        expect(sum(logs)).toBeCloseTo(1, 12)
        expect(Math.min(...logs)).toBeGreaterThan(Number.NEGATIVE_INFINITY)
      }
    }
  })

  it('gives a sequence the product of its steps', () => {
    fc.assert(
      fc.property(
        corpus,
        fc.array(token, { maxLength: 8 }),
        fc.integer({ min: 1, max: 5 }),
        (sequences, sequence, order) => {
          const model = NgramModel.fromSequences(sequences, { order, vocabSize: V })
          const steps = sequence.map((id, i) => model.logProbabilities(sequence.slice(0, i))[id]!)
          expect(model.logProbability(sequence)).toBeCloseTo(
            steps.reduce((total, log) => total + log, 0),
            10,
          )
        },
      ),
    )
  })

  it('makes the probabilities of all sequences that end sum to one', () => {
    const end = 2
    const model = NgramModel.fromSequences(
      [
        [0, 1, end],
        [0, end],
        [1, end],
        [0, 1, 1, end],
      ],
      { order: 3, vocabSize: 3 },
    )
    let total = 0
    const grow = (sequence: number[], logProbability: number): void => {
      if (sequence.at(-1) === end || sequence.length === 13) {
        total += Math.exp(logProbability)
        return
      }
      const logs = model.logProbabilities(sequence)
      for (let w = 0; w < 3; w++) grow([...sequence, w], logProbability + logs[w]!)
    }
    grow([], 0)
    expect(total).toBeCloseTo(1, 10)
  })

  it('knows how sequences begin', () => {
    const model = NgramModel.fromSequences(
      [
        [0, 1],
        [0, 1],
        [0, 1],
        [0, 2],
      ],
      { order: 3, vocabSize: 3 },
    )
    expect(Math.exp(model.logProbabilities([])[0]!)).toBeGreaterThan(0.6)
  })

  it('judges a token by how many tokens it follows, not by how often it occurs', () => {
    // 1 occurs often but only after 0; 2 occurs less often but after 3, 4, 5 and 6.
    const ids = [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 3, 2, 4, 2, 5, 2, 6, 2]
    const model = NgramModel.fromStream(ids, { order: 2, vocabSize: 8 })
    const unseen = model.logProbabilities([7])
    expect(unseen[2]).toBeGreaterThan(unseen[1]!)
    expect(model.logProbabilities([0])[1]).toBeGreaterThan(Math.log((5 - 1.5) / 5))
  })

  it('reports the perplexity over all tokens', () => {
    const model = NgramModel.fromStream(longText(2000, 20), { order: 3, vocabSize: 20 })
    const [a, b] = [longText(300, 20, 6), longText(100, 20, 7)]
    const { logProbability, numTokens, perplexity } = model.evaluate([a, b])
    expect(numTokens).toBe(400)
    expect(logProbability).toBeCloseTo(model.logProbability(a) + model.logProbability(b), 10)
    expect(perplexity).toBeCloseTo(Math.exp(-logProbability / 400), 12)
    const unigram = NgramModel.fromStream(longText(2000, 20), { order: 1, vocabSize: 20 })
    expect(perplexity).toBeLessThan(0.8 * unigram.evaluate([a, b]).perplexity)
  })

  it('counts the different n-grams of each length', () => {
    expect(NgramModel.fromStream([0, 1, 0, 1, 2], { order: 3, vocabSize: 3 }).numNgrams).toEqual([3, 3, 3])
    expect(NgramModel.fromSequences([[0, 1]], { order: 2, vocabSize: 3 }).numNgrams).toEqual([2, 2])
    expect(NgramModel.fromStream([0], { order: 3, vocabSize: 2 }).numNgrams).toEqual([1, 0, 0])
  })

  it('is the same model after saving and loading', () => {
    const sequences = [longText(500, 20), longText(300, 20, 8)]
    for (const model of [
      NgramModel.fromSequences(sequences, { order: 4, vocabSize: 25 }),
      NgramModel.fromStream(sequences[0]!, { order: 4, vocabSize: 25 }),
    ]) {
      const bytes = model.toBytes()
      const loaded = NgramModel.fromBytes(bytes)
      expect(loaded).toMatchObject({ order: 4, vocabSize: 25, hasBegin: model.hasBegin, discounts: model.discounts })
      expect(loaded.logProbability(sequences[1]!)).toBe(model.logProbability(sequences[1]!))
      expect(loaded.logProbabilities([3])).toEqual(model.logProbabilities([3]))
      expect(loaded.toBytes()).toEqual(bytes)
    }
  })

  it('refuses tokens outside the vocabulary and settings that make no sense', () => {
    expect(() => NgramModel.fromStream([0, 3], { order: 2, vocabSize: 3 })).toThrow(
      'NgramModel.fromStream: expected tokens from 0 to 2, got 3 at 1. Raise vocabSize or map it to an unknown token.',
    )
    expect(() => NgramModel.fromSequences([[0], [-1]], { order: 2, vocabSize: 3 })).toThrow('got -1 at 0')
    expect(() => NgramModel.fromSequences([[], []], { order: 2, vocabSize: 3 })).toThrow(
      'expected at least one token, got none.',
    )
    expect(() => NgramModel.fromStream([0], { order: 0, vocabSize: 3 })).toThrow(
      'expected order to be a whole number of at least 1, got 0.',
    )
    const model = NgramModel.fromStream([0, 1], { order: 2, vocabSize: 3 })
    expect(() => model.logProbabilities([3])).toThrow('expected tokens from 0 to 2, got 3 at 0.')
    expect(() => model.evaluate([[]])).toThrow('NgramModel.evaluate: expected at least one token, got none.')
  })
})

describe('NgramModel.sample', () => {
  const model = NgramModel.fromSequences(
    [
      [0, 1, 3],
      [0, 2, 3],
      [0, 1, 1, 3],
    ],
    { order: 3, vocabSize: 4 },
  )

  it('draws tokens as often as the model says', () => {
    const rng = new RandomStream(1)
    const expected = model.logProbabilities([0]).map(Math.exp)
    const n = 20000
    const counts = new Float64Array(4)
    for (let i = 0; i < n; i++) counts[model.sample(rng, { length: 1, context: [0] })[0]!]!++
    for (let w = 0; w < 4; w++) {
      expect(Math.abs(counts[w]! - n * expected[w]!)).toBeLessThan(5 * Math.sqrt(n * expected[w]! * (1 - expected[w]!)))
    }
  })

  it('sharpens with a low temperature, down to the likeliest token', () => {
    const share = (temperature: number) => {
      const rng = new RandomStream(2)
      return Array.from({ length: 2000 }, () => model.sample(rng, { length: 1, context: [0], temperature })[0]).filter(
        (w) => w === 1,
      ).length
    }
    expect(share(0.5)).toBeGreaterThan(share(1) + 100)
    expect(share(1)).toBeGreaterThan(share(3) + 100)
    expect(share(0)).toBe(2000)
    expect(share(1e-5)).toBe(2000)
  })

  it('draws only from the likeliest with topK', () => {
    const rng = new RandomStream(3)
    const drawn = new Set(Array.from({ length: 500 }, () => model.sample(rng, { length: 1, context: [0], topK: 2 })[0]))
    expect(drawn).toEqual(new Set([1, 2]))
    expect(model.sample(rng, { length: 3, topK: 1 })).toEqual(model.sample(rng, { length: 3, temperature: 0 }))
  })

  it('goes on from its own tokens, stops after the end token, and repeats with the seed', () => {
    const sample = (seed: number) => model.sample(new RandomStream(seed), { length: 50, end: 3 })
    for (let seed = 0; seed < 20; seed++) {
      const drawn = sample(seed)
      expect(sample(seed)).toEqual(drawn)
      expect(drawn.slice(0, -1)).not.toContain(3)
      expect(drawn.length === 50 || drawn.at(-1) === 3).toBe(true)
    }
    expect(model.sample(new RandomStream(1), { length: 3, temperature: 0 })).toEqual([0, 1, 3])
  })

  it('refuses settings that make no sense', () => {
    const rng = new RandomStream(1)
    expect(() => model.sample(rng, { length: 1, temperature: -1 })).toThrow(
      'expected a temperature of at least 0, got -1.',
    )
    expect(() => model.sample(rng, { length: 1, topK: 0 })).toThrow('expected a topK of at least 1, got 0.')
    expect(() => model.sample(rng, { length: -1 })).toThrow('expected a length of at least 0, got -1.')
  })
})

it('refuses orders and vocabularies that would take hours or gigabytes', () => {
  const message = /^NgramModel: expected an order of at most 100 and a vocabSize of at most 4194304/
  expect(() => NgramModel.fromStream([0, 1], { order: 1e8, vocabSize: 2 })).toThrow(message)
  expect(() => NgramModel.fromSequences([[0, 1]], { order: 2, vocabSize: 2e9 })).toThrow(message)
})
