import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { AlignedText, normalizers, PreTokens, preTokenizers } from '../index.ts'
import { isAssigned } from './assigned.ts'

// For each of the Rust library's parts (tokenizers 0.23), the code points that it treats in its way.
const sets = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../fixtures/character-sets.json'), 'utf8'),
) as Record<string, string>

/** Whether each code point is in a set that is written as ranges in hexadecimal. */
function members(ranges: string): Uint8Array {
  const isMember = new Uint8Array(0x110000)
  for (const range of ranges.split(' ')) {
    const [first, last = first] = range.split('-').map((code) => Number.parseInt(code, 16)) as [number, number?]
    isMember.fill(1, first, last + 1)
  }
  return isMember
}

// All assigned characters of the first two planes, and of the others, which hold long runs of alike characters, every 61st. The Rust library
// has several versions of Unicode, the newest one 17, where all parts of this package have 16.
function* codePoints(): Generator<number> {
  for (let code = 0; code < 0x110000; code += code < 0x20000 ? 1 : 61)
    if ((code < 0xd800 || code > 0xdfff) && isAssigned(code)) yield code
}

const normalized = (normalizer: { normalize(text: AlignedText): AlignedText }) => (c: string) =>
  normalizer.normalize(AlignedText.of(c)).text
const plain = { cleanText: false, handleChineseChars: false, stripAccents: false, lowercase: false }
const bert = (options: object) => normalized(new normalizers.BertNormalizer({ ...plain, ...options }))
const isIsolated = (part: { preTokenize(preTokens: PreTokens): PreTokens }) => (c: string) =>
  part.preTokenize(PreTokens.whole(AlignedText.of(`a${c}a`))).toArray()[1] === c

const clean = bert({ cleanText: true })
const unaccented = bert({ stripAccents: true })
const spaced = bert({ handleChineseChars: true })
const withoutMarks = normalized(new normalizers.StripAccents())
const stripped = normalized(new normalizers.Strip())
const nmt = normalized(new normalizers.Nmt())

const treatments: Record<string, (character: string) => boolean> = {
  bert_removed: (c) => clean(c) === '',
  bert_space: (c) => clean(c) === ' ',
  bert_mn: (c) => unaccented(c) === '',
  han: (c) => spaced(c) !== c,
  strip_accents: (c) => withoutMarks(c) === '',
  space: (c) => stripped(c) === '',
  nmt_removed: (c) => nmt(c) === '',
  nmt_space: (c) => nmt(c) === ' ',
  bert_punct: isIsolated(new preTokenizers.BertPreTokenizer()),
  punct: isIsolated(new preTokenizers.Punctuation()),
  digits: isIsolated(new preTokenizers.Digits({ individualDigits: true })),
}

for (const [name, expected] of Object.entries(sets)) {
  it(`treats the same characters as the Rust library: ${name}`, () => {
    const isMember = members(expected)
    expect(isMember.includes(1)).toBe(true)
    const wrong = [...codePoints()].filter(
      (code) => treatments[name]!(String.fromCodePoint(code)) !== (isMember[code] === 1),
    )
    expect(wrong.map((code) => code.toString(16))).toEqual([])
  })
}
