import { describe, expect, it } from 'vitest'
import { spanMetrics, tagSpans, validSpans } from './span-labels.ts'

const rows = (...values: number[][]) => values.map((row) => Float32Array.from(row))

describe('tagSpans', () => {
  it.each([
    [['O', 'B-PER', 'I-PER'], true],
    [['S-LOC', 'E-LOC', 'O'], true],
    [['NOUN', 'VERB'], false],
    [['O', 'B-PER', 'NOUN'], false],
    [['O'], false],
  ])('%j: %s', (labels, expected) => {
    expect(tagSpans(labels)).toBe(expected)
  })

  it('decides whether metrics of spans come first', () => {
    expect(spanMetrics(['O', 'B-A'], [{ type: 'accuracy' }]).map(({ type }) => type)).toEqual([
      'spanF1',
      'spanF1',
      'accuracy',
    ])
    expect(spanMetrics(['X'], [{ type: 'accuracy' }])).toEqual([{ type: 'accuracy' }])
    expect(spanMetrics(['O', 'B-A'], [{ type: 'spanF1' }])).toEqual([{ type: 'spanF1' }])
  })
})

describe('validSpans', () => {
  const iob2 = ['O', 'B-A', 'I-A', 'B-B', 'I-B']
  const named = (labels: readonly string[], probabilities: Float32Array[]) =>
    validSpans(labels)!(probabilities).map((id) => labels[id])

  it('begins a span with B where I would be more probable, and keeps its type', () => {
    expect(named(iob2, rows([0.1, 0.3, 0.6, 0, 0], [0, 0, 0.5, 0, 0.5]))).toEqual(['B-A', 'I-A'])
    expect(named(iob2, rows([0.9, 0.1, 0, 0, 0], [0.1, 0.2, 0.7, 0, 0]))).toEqual(['O', 'B-A'])
  })

  it('ends the spans of IOBES', () => {
    const labels = ['O', 'B-A', 'I-A', 'E-A', 'S-A']
    expect(named(labels, rows([0.2, 0.8, 0, 0, 0], [0.9, 0, 0.05, 0.05, 0]))).toEqual(['O', 'O'])
    expect(named(labels, rows([0.1, 0.9, 0, 0, 0], [0.3, 0, 0.1, 0.6, 0]))).toEqual(['B-A', 'E-A'])
    expect(named(labels, rows([0, 0.9, 0, 0, 0.1]))).toEqual(['S-A'])
  })

  it('lets I begin a span of a type that has nothing else to begin with', () => {
    expect(named(['O', 'I-A', 'I-B', 'B-B'], rows([0.1, 0.9, 0, 0], [0.1, 0, 0.8, 0.1]))).toEqual(['I-A', 'O'])
  })

  it('finds the best of all valid sequences', () => {
    const random = (seed: number) => Float32Array.from({ length: 5 }, (_, i) => 0.01 + (((seed + i) * 7919) % 97) / 97)
    const follows = (a: string, b: string) => !b.startsWith('I-') || a.slice(2) === b.slice(2)
    for (let seed = 0; seed < 5; seed++) {
      const probabilities = [0, 1, 2, 3].map((t) => random(seed * 31 + t * 11))
      let [best, highest] = [[] as number[], Number.NEGATIVE_INFINITY]
      for (let code = 0; code < 5 ** 4; code++) {
        const path = [0, 1, 2, 3].map((t) => Math.floor(code / 5 ** t) % 5)
        if (!path.every((id, t) => follows(t === 0 ? 'O' : iob2[path[t - 1]!]!, iob2[id]!))) continue
        const score = path.reduce((sum, id, t) => sum + Math.log(probabilities[t]![id]!), 0)
        if (score > highest) [best, highest] = [path, score]
      }
      expect(validSpans(iob2)!(probabilities)).toEqual(best)
    }
  })

  it('is for labels of spans alone, and takes an empty sentence', () => {
    expect(validSpans(['NOUN', 'VERB'])).toBeUndefined()
    expect(validSpans(iob2)!([])).toEqual([])
  })
})
