import { RandomStream } from '@heddle/core'
import { expect, it } from 'vitest'
import type { TokenizedDocument } from './instance.ts'
import { segmentPairs } from './segment-pairs.ts'

const tokens = { clsId: 1, sepId: 2 }

/** Documents whose ids tell document and place: 1000 (d + 1) + position. */
function documents(count: number, sentences: number, rng: RandomStream): TokenizedDocument[] {
  return Array.from({ length: count }, (_, d) => {
    let id = 1000 * (d + 1)
    return Array.from({ length: sentences }, () => Int32Array.from({ length: 1 + rng.integer(12) }, () => id++))
  })
}

const segments = ({ ids, firstLength }: { ids: Int32Array; firstLength: number }) => [
  ids.subarray(1, firstLength - 1),
  ids.subarray(firstLength, -1),
]
const documentOf = (id: number) => Math.floor(id / 1000)

it('makes rows of two segments, half of them right, wrong ones from other documents', () => {
  const rng = new RandomStream(3)
  const rows = segmentPairs(documents(60, 60, rng), { maxLength: 40, wrong: 'other document', ...tokens }, rng)
  let right = 0
  for (const row of rows) {
    const [a, b] = segments(row)
    expect(row.ids.length).toBeLessThanOrEqual(40)
    expect([row.ids[0], row.ids[row.firstLength - 1], row.ids.at(-1)]).toEqual([1, 2, 2])
    expect(a!.length > 0 && b!.length > 0).toBe(true)
    expect(documentOf(a![0]!) === documentOf(b![0]!)).toBe(row.pairLabel === 0)
    if (row.pairLabel === 0) {
      right++
      // The second goes on after the first; only cutting may leave tokens out between them.
      expect(b![0]! > a!.at(-1)!).toBe(true)
    }
  }
  expect(Math.abs(right / rows.length - 0.5)).toBeLessThan(1.5 / Math.sqrt(rows.length))
  expect(rows.length).toBeGreaterThan(500)
})

it('reads every sentence of a document once as a first segment or as a right second one', () => {
  const rng = new RandomStream(4)
  const rows = segmentPairs(documents(2, 30, rng), { maxLength: 1000, wrong: 'other document', ...tokens }, rng)
  const seen = rows.flatMap((row) => {
    const [a, b] = segments(row)
    return row.pairLabel === 0 ? [...a!, ...b!] : [...a!]
  })
  expect(new Set(seen).size).toBe(seen.length)
})

it('turns half of the pairs round for the order of sentences', () => {
  const rng = new RandomStream(5)
  const rows = segmentPairs(documents(40, 60, rng), { maxLength: 40, wrong: 'order', ...tokens }, rng)
  for (const row of rows) {
    const [a, b] = segments(row)
    expect(documentOf(a![0]!)).toBe(documentOf(b![0]!))
    expect(b![0]! > a![0]!).toBe(row.pairLabel === 0)
  }
  const wrong = rows.filter(({ pairLabel }) => pairLabel === 1).length
  expect(Math.abs(wrong / rows.length - 0.5)).toBeLessThan(1.5 / Math.sqrt(rows.length))
})

it('takes wrong segments of a single document from before the pair', () => {
  const rng = new RandomStream(6)
  const rows = segmentPairs(documents(1, 400, rng), { maxLength: 30, wrong: 'other document', ...tokens }, rng)
  expect(rows.some(({ pairLabel }) => pairLabel === 1)).toBe(true)
  for (const row of rows) {
    const [a, b] = segments(row)
    expect(b![0]! > a!.at(-1)!).toBe(row.pairLabel === 0)
  }
})

it('has no pairs of a document with one sentence', () => {
  const rng = new RandomStream(7)
  expect(segmentPairs([[Int32Array.of(5, 6)]], { maxLength: 30, wrong: 'order', ...tokens }, rng)).toEqual([])
})
