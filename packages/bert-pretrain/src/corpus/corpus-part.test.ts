import { memorySource } from '@heddle/data'
import { describe, expect, it } from 'vitest'
import { hasBlankLines, partSize, partsOfFile } from './corpus-part.ts'
import { splitDocuments } from './documents.ts'

const file = (text: string) => memorySource('tales.txt', text).files[0]!
const tale = (i: number) => `이야기 ${i} 🧵 시작.\nLine two of ${i}.\r\n`

describe.each(['blank-lines', 'lines'] as const)('documents by %s', (documents) => {
  const settings = { documents, wrapped: false }
  const text = Array.from({ length: 40 }, (_, i) => tale(i)).join(documents === 'lines' ? '' : '\n \n')

  it.each([1, 7, 50, 333, 5000])('every document is in one part, at size %d', async (size) => {
    const parts = await partsOfFile(file(text), settings, size)
    const documentsOfParts = (await Promise.all(parts.map((part) => part.documents()))).flat()
    expect(documentsOfParts).toEqual(splitDocuments(text, settings))
    expect(parts.reduce((sum, part) => sum + part.size, 0)).toBe(new TextEncoder().encode(text).length)
    if (size === 333) expect(parts.length).toBeGreaterThan(3)
  })
})

it('cuts a text without lines between characters', async () => {
  const text = '각🧵e\u0301'.repeat(40_000)
  const parts = await partsOfFile(file(text), { documents: 'blank-lines', wrapped: false }, 100_001)
  const read = (await Promise.all(parts.map((part) => part.documents()))).flat(2)
  expect(parts.length).toBeGreaterThan(2)
  expect(read.join('')).toBe(text)
})

it('tells whether empty lines stand between documents', async () => {
  expect(await hasBlankLines(file('a\n\nb'))).toBe(true)
  expect(await hasBlankLines(file('a\r\n \r\nb'))).toBe(true)
  expect(await hasBlankLines(file('a\nb\nc'))).toBe(false)
})

it('makes parts of a size that suits the corpus', () => {
  expect([10_000, 500_000, 5_000_000, 5e9].map((total) => partSize(total))).toEqual([1000, 16_384, 50_000, 1_048_576])
})
