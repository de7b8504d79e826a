import { describe, expect, it } from 'vitest'
import { parseCsv } from './parse-csv.ts'

describe('parseCsv', () => {
  it('reads quoted cells with delimiters, doubled quotes and line breaks', () => {
    const { rows } = parseCsv('Q,A\n"a, b","say ""hi"""\n"two\nlines",c\n')
    expect(rows).toEqual([
      { Q: 'a, b', A: 'say "hi"' },
      { Q: 'two\nlines', A: 'c' },
    ])
  })

  it('accepts a byte order mark, mixed line ends and a missing last line end', () => {
    expect(parseCsv('\uFEFFa,b\r\n1,2\n"3",4').rows).toEqual([
      { a: '1', b: '2' },
      { a: '3', b: '4' },
    ])
  })

  it('reads other delimiters and files without a header', () => {
    expect(parseCsv('1;2\n', { delimiter: ';', header: false, columns: ['a', 'b'] }).rows).toEqual([{ a: '1', b: '2' }])
    expect(parseCsv('a\t"b\tc"\n', { delimiter: '\t', header: false, columns: ['x', 'y'] }).rows).toEqual([
      { x: 'a', y: 'b\tc' },
    ])
  })

  it('counts lines, not rows, in messages: with and without quotes before', () => {
    expect(() => parseCsv('a,b\n"x\ny\nz",1\n2\n', { file: 'd.csv' })).toThrow(
      'd.csv:5: expected 2 columns, got 1: "2".',
    )
    expect(() => parseCsv('a,b\n1,2\n3\n', { file: 'd.csv' })).toThrow('d.csv:3: expected 2 columns, got 1: "3".')
  })

  it('names the line where an unclosed quote starts and how far it runs', () => {
    expect(() => parseCsv('a,b\n1,2\n3,"four\n5,6\n', { file: 'd.csv' })).toThrow(
      'd.csv:3: expected a closing quote, got the quoted cell "four\\n5,6\\n" that runs over 2 lines.',
    )
    expect(() => parseCsv('a,b\n"1"x,2\n', { file: 'd.csv' })).toThrow(
      'd.csv:2: expected a delimiter or a line end after a closing quote, got the quoted cell',
    )
  })

  it('reports skipped rows and keeps the others', () => {
    const { rows, skipped } = parseCsv('a,b\n1,2\n5\n3,4\n', { malformed: 'skip' })
    expect(rows).toEqual([
      { a: '1', b: '2' },
      { a: '3', b: '4' },
    ])
    expect(skipped).toEqual([{ line: 3, message: 'text:3: expected 2 columns, got 1: "5".' }])
  })

  it('keeps a last row whose only cell is a quoted empty string apart from the end of the file', () => {
    expect(parseCsv('a\n1\n""\n').rows).toEqual([{ a: '1' }, { a: '' }])
  })

  it.each(['a,b\n1,2\n\n\n', 'a,b\r1,2\r', 'a,b\r\n1,2\r\n\r\n  \r\n', '\na,b\n\n1,2'])(
    'skips blank lines, whatever ends them: %j',
    (text) => {
      expect(parseCsv(text).rows).toEqual([{ a: '1', b: '2' }])
    },
  )

  it('takes time in proportion to the text, quotes or not', () => {
    const start = process.cpuUsage()
    for (const unit of ['"', '"a', 'a"', '"a"b', '","', '""', '"\n', 'a,', '\n', '"a\n,']) {
      try {
        parseCsv(unit.repeat(100_000), { header: false, columns: ['x'], malformed: 'skip' })
      } catch (error) {
        expect(error).toMatchObject({ name: 'HeddleError' })
      }
    }
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(10_000)
  })
})
