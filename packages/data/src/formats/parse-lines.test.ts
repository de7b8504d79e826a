import { describe, expect, it } from 'vitest'
import { parseLines } from './parse-lines.ts'

describe('parseLines', () => {
  it('accepts LF, CRLF and a missing last line end alike', () => {
    const rows = ['a', '', 'b ']
    expect(parseLines('a\n\nb \n').rows).toEqual(rows)
    expect(parseLines('a\r\n\r\nb \r\n').rows).toEqual(rows)
    expect(parseLines('a\n\nb ').rows).toEqual(rows)
    expect(parseLines('').rows).toEqual([])
    expect(parseLines('\n').rows).toEqual([''])
  })

  it('splits at line feeds only, not at other characters that Unicode counts as line ends', () => {
    expect(parseLines('a\u2028b\u0085c\rd\n').rows).toEqual(['a\u2028b\u0085c\rd'])
  })

  it('trims on demand', () => {
    expect(parseLines(' a\t\nb \n', { trim: true }).rows).toEqual(['a', 'b'])
  })

  it('names file and line of an empty line where none is allowed', () => {
    expect(() => parseLines('a\n \nb\n', { file: 'n.txt', trim: true, nonEmpty: true })).toThrow(
      "n.txt:2: expected text, got an empty line. Correct the line, or set malformed to 'skip'.",
    )
  })

  it('reports what it skipped', () => {
    const { rows, skipped } = parseLines('a\n\nb\n\n', { file: 'n.txt', nonEmpty: true, malformed: 'skip' })
    expect(rows).toEqual(['a', 'b'])
    expect(skipped).toEqual([
      { line: 2, message: 'n.txt:2: expected text, got an empty line.' },
      { line: 4, message: 'n.txt:4: expected text, got an empty line.' },
    ])
  })
})
