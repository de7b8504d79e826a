import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readTexts } from './read-texts.ts'
import { type TextPart, textParts } from './text-part.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const file = (text: string, name = 'text.txt') => ({ name, bytes: async () => bytesOf(text) })
const read = (parts: readonly (string | TextPart)[]) =>
  Promise.all(parts.map((part) => (typeof part === 'string' ? part : part.text())))

describe('textParts', () => {
  it('makes up the text, and cuts it after line ends', async () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'é', '한', '😀', ' '), maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 30 }), fc.integer({ min: 8, max: 90 }), async (lines, size) => {
        const text = lines.join('\n')
        const parts = await textParts(file(text), size)
        const texts = await read(parts)
        expect(texts.join('')).toBe(text)
        for (const part of texts.slice(0, -1)) expect(part.endsWith('\n')).toBe(true)
        expect(parts.reduce((sum, part) => sum + part.size, 0)).toBe(bytesOf(text).length)
      }),
      { numRuns: 60 },
    )
  })

  it('cuts a line that is too long between two characters', async () => {
    const parts = await textParts(file('한'.repeat(90_000)), 70_000)
    expect(parts.length).toBeGreaterThan(2)
    expect((await read(parts)).join('')).toBe('한'.repeat(90_000))
  })
})

describe('readTexts', () => {
  const text = Array.from({ length: 4000 }, (_, i) => `line ${i} of the loom\r\n`).join('')

  it('leaves large files on the disk, in parts, and reads the end of the last one', async () => {
    const source = { name: 'folder', files: [file(text, 'a.txt'), file(text, 'b.txt')] }
    const { examples, notes } = await readTexts(source, { large: 2 ** 16 })
    expect(examples.slice(0, -1).every((example) => typeof example !== 'string')).toBe(true)
    expect(typeof examples.at(-1)).toBe('string')
    expect((await read(examples)).join('')).toBe(text.repeat(2).replaceAll('\r\n', '\n'))
    expect(notes).toEqual([`${((2 * text.length) / 1e6).toFixed(1)} MB of text are read in parts from the disk`])
    expect((await readTexts(source)).examples).toHaveLength(2)
  })

  it('keeps the split of the files, and reads no more than the start of a large held-out one', async () => {
    const source = { name: 'folder', files: [file(text, 'train.txt'), file(text, 'test.txt')] }
    const { examples, splits, notes } = await readTexts(source, { large: 2 ** 16 })
    expect(splits).toEqual(examples.map((_, i) => (i === examples.length - 1 ? 'test' : 'train')))
    expect(text.replaceAll('\r\n', '\n').startsWith(examples.at(-1) as string)).toBe(true)
    expect(notes.join()).toContain('test.txt: of 0.1 MB only the start is read')
  })
})
