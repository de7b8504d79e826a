import { expect, it } from 'vitest'
import { packedRows } from './packed-rows.ts'

const tokens = { clsId: 1, sepId: 2 }
const sentence = (...ids: number[]) => Int32Array.from(ids)

it('fills rows with whole sentences, across documents', () => {
  const documents = [[sentence(10, 11), sentence(12)], [sentence(20, 21, 22)], [sentence(30)]]
  const rows = packedRows(documents, { maxLength: 8, ...tokens })
  expect(rows.map(({ ids }) => [...ids])).toEqual([
    [1, 10, 11, 12, 2],
    [1, 20, 21, 22, 2, 30, 2],
  ])
  expect(rows.map(({ firstLength }) => firstLength)).toEqual([5, 7])
})

it('gives each document rows of its own where it is told to', () => {
  const documents = [[sentence(10, 11), sentence(12)], [sentence(20)], [sentence(30, 31, 32, 33), sentence(34)]]
  const rows = packedRows(documents, { maxLength: 6, acrossDocuments: false, ...tokens })
  expect(rows.map(({ ids }) => [...ids])).toEqual([
    [1, 10, 11, 12, 2],
    [1, 20, 2],
    [1, 30, 31, 32, 33, 2],
    [1, 34, 2],
  ])
})

it('lets a long sentence go on in the next row', () => {
  const long = Int32Array.from({ length: 9 }, (_, i) => 10 + i)
  const rows = packedRows([[sentence(5), long]], { maxLength: 6, ...tokens })
  expect(rows.map(({ ids }) => [...ids])).toEqual([
    [1, 5, 2],
    [1, 10, 11, 12, 13, 2],
    [1, 14, 15, 16, 17, 2],
    [1, 18, 2],
  ])
})

it('loses no token', () => {
  const documents = Array.from({ length: 30 }, (_, d) =>
    Array.from({ length: 1 + (d % 5) }, (_, s) =>
      Int32Array.from({ length: 1 + ((d * 7 + s * 3) % 17) }, (_, t) => 100 * d + 20 * s + t + 3),
    ),
  )
  const rows = packedRows(documents, { maxLength: 12, ...tokens })
  const kept = rows.flatMap(({ ids }) => [...ids].filter((id) => id > 2))
  expect(kept).toEqual(documents.flat().flatMap((ids) => [...ids]))
  for (const { ids } of rows) expect(ids.length).toBeLessThanOrEqual(12)
})
