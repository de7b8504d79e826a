import { describe, expect, it } from 'vitest'
import { parseTsv } from './parse-tsv.ts'

const pairs = 'Go.\t가.\tCC-BY\nHi.\t안녕.\tCC-BY\n'

describe('parseTsv', () => {
  it('names columns by position and leaves out those named null', () => {
    const { rows, skipped } = parseTsv(pairs, { columns: ['en', 'ko', null] })
    expect(rows).toEqual([
      { en: 'Go.', ko: '가.' },
      { en: 'Hi.', ko: '안녕.' },
    ])
    expect(skipped).toEqual([])
    const typed: { en: string; ko: string } = rows[0]!
    expect(typed.ko).toBe('가.')
  })

  it('takes bytes with a byte order mark and CRLF line ends', () => {
    const bytes = new TextEncoder().encode(`\uFEFF${pairs.replaceAll('\n', '\r\n')}`)
    expect(parseTsv(bytes, { columns: ['en', 'ko', 'credit'] }).rows[1]).toEqual({
      en: 'Hi.',
      ko: '안녕.',
      credit: 'CC-BY',
    })
  })

  it('takes the names from a header', () => {
    const text = 'id\tdocument\tlabel\n7\t좋다\t1\n'
    expect(parseTsv(text, { header: true }).rows).toEqual([{ id: '7', document: '좋다', label: '1' }])
    expect(parseTsv(text, { header: true, columns: ['label', 'document'] }).rows).toEqual([
      { label: '1', document: '좋다' },
    ])
  })

  it('gives quotes no meaning', () => {
    expect(parseTsv('a\t"b\n', { columns: ['x', 'y'] }).rows).toEqual([{ x: 'a', y: '"b' }])
  })

  it('keeps column names that mean something to JavaScript objects', () => {
    const { rows } = parseTsv('__proto__\tconstructor\na\tb\n', { header: true })
    expect(Object.entries(rows[0]!)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ])
  })

  it.each([
    ['too few', 'a\tb\nc\n', 't.tsv:2: expected 2 columns, got 1: "c".'],
    ['too many', 'a\tb\tc\n', 't.tsv:1: expected 2 columns, got 3: "a | b | c".'],
    ['an empty cell in place of two', 'a\tb\n \nc\td\n', 't.tsv:2: expected 2 columns, got 1: " ".'],
  ])('names file and line of a row with %s columns', (_, text, message) => {
    expect(() => parseTsv(text, { file: 't.tsv', columns: ['x', 'y'] })).toThrow(message)
  })

  it.each(['a\tb\nc\td\n\n\n', '\na\tb\n\nc\td', 'a\tb\rc\td\r', 'a\tb\r\nc\td\r\n\r\n', 'a\tb\r\rc\td'])(
    'skips blank lines, whatever ends them: %j',
    (text) => {
      expect(parseTsv(text, { columns: ['x', 'y'] }).rows).toEqual([
        { x: 'a', y: 'b' },
        { x: 'c', y: 'd' },
      ])
    },
  )

  it('keeps a CR inside a line that ends in LF', () => {
    expect(parseTsv('a\rb\tc\n', { columns: ['x', 'y'] }).rows).toEqual([{ x: 'a\rb', y: 'c' }])
  })

  it('reads a header of many columns in no time', () => {
    const names = Array.from({ length: 20_000 }, (_, i) => `column ${i}`)
    const text = `${names.join('\t')}\n${names.map((_, i) => i).join('\t')}\n`
    const start = process.cpuUsage()
    expect(parseTsv(text, { header: true }).rows[0]).toMatchObject({ 'column 19999': '19999' })
    expect(() => parseTsv(text, { header: true, columns: ['colum 1'] })).toThrow("Did you mean 'column 1'")
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(3000)
  })

  it('takes wider rows only when told to', () => {
    const options = { file: 't.tsv', columns: ['en', 'ko'], moreColumns: 'ignore' } as const
    expect(parseTsv(pairs, options).rows[0]).toEqual({ en: 'Go.', ko: '가.' })
    expect(() => parseTsv('a\n', options)).toThrow('t.tsv:1: expected 2 or more columns, got 1')
  })

  it('reports each row that it skipped', () => {
    const { rows, skipped } = parseTsv('a\tb\nc\nd\t\ne\tf\n', {
      columns: ['x', 'y'],
      nonEmpty: ['y'],
      malformed: 'skip',
    })
    expect(rows).toEqual([
      { x: 'a', y: 'b' },
      { x: 'e', y: 'f' },
    ])
    expect(skipped.map(({ message }) => message)).toEqual([
      'text:2: expected 2 columns, got 1: "c".',
      "text:3: expected text in column 'y', got an empty cell.",
    ])
  })

  it('finds the column that must not be empty under any order of the kept columns', () => {
    const text = 'id\tdocument\tlabel\n1\t\t0\n'
    const read = (columns: string[]) =>
      parseTsv(text, { header: true, columns, nonEmpty: ['document'], malformed: 'skip' })
    expect(read(['label', 'document']).skipped).toHaveLength(1)
    expect(read(['document', 'id']).skipped).toHaveLength(1)
    expect(parseTsv(text, { header: true, nonEmpty: ['label'] }).rows).toHaveLength(1)
  })

  it('suggests the nearest column when one is missing', () => {
    const read = () => parseTsv('id\tdocument\n', { file: 'r.txt', header: true, columns: ['documnet'] })
    expect(read).toThrow(
      `r.txt:1: expected a column 'documnet', got the header "id | document". Did you mean 'document'?`,
    )
  })

  it('refuses a header with a name twice, and a table without names', () => {
    expect(() => parseTsv('a\ta\n', { header: true })).toThrow('text:1: expected each column name once, got "a" twice.')
    expect(() => parseTsv('a\tb\n', {})).toThrow('parseTsv: expected columns or header: true, got neither.')
  })
})
