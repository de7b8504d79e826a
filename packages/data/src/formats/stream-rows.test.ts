import { describe, expect, it } from 'vitest'
import { type StreamRowsOptions, streamRows } from './stream-rows.ts'

async function rows(file: string, text: string, options: Partial<StreamRowsOptions> = {}) {
  const lines = (async function* () {
    yield* text.split('\n')
  })()
  const found = []
  for await (const row of streamRows(lines, { file, names: ['text', 'source'], ...options })) found.push(row)
  return found
}

describe('streamRows', () => {
  it('reads an input in each line, empty ones too', async () => {
    expect(await rows('a.txt', 'one\n\ttwo\n\nthree')).toEqual([
      { line: 1, cells: { input: 'one' }, input: 'one' },
      { line: 2, cells: { input: '\ttwo' }, input: '\ttwo' },
      { line: 3, cells: { input: '' }, input: '' },
      { line: 4, cells: { input: 'three' }, input: 'three' },
    ])
  })

  it('finds the column of a table by its usual name, in a file of any extension', async () => {
    const expected = [{ line: 2, cells: { id: '7', Text: 'good', label: '1' }, input: 'good' }]
    for (const file of ['a.tsv', 'ratings.txt', '-']) {
      expect(await rows(file, 'id\tText\tlabel\n7\tgood\t1')).toEqual(expected)
    }
  })

  it('takes a column by name or number, with or without a header', async () => {
    expect(await rows('a.tsv', 'a\tb\nx\ty', { column: 'B' })).toMatchObject([{ line: 2, input: 'y' }])
    expect(await rows('a.tsv', 'x\ty\nz\tw', { column: 2 })).toEqual([
      { line: 1, cells: { column1: 'x', column2: 'y' }, input: 'y' },
      { line: 2, cells: { column1: 'z', column2: 'w' }, input: 'w' },
    ])
    expect(await rows('a.tsv', 'id\ttext\n1\tx', { column: 1 })).toMatchObject([{ input: '1' }])
    expect(await rows('a.tsv', 'only\nthis')).toMatchObject([{ input: 'only' }, { input: 'this' }])
  })

  it('reads the column of tables of the same kind where nothing else tells it', async () => {
    const likely = { column: 2, header: false, width: 2 }
    for (const file of ['a.tsv', 'a.txt', '-']) {
      expect(await rows(file, 'neg\tso bad\npos\tgood', { likely })).toEqual([
        { line: 1, cells: { column1: 'neg', column2: 'so bad' }, input: 'so bad' },
        { line: 2, cells: { column1: 'pos', column2: 'good' }, input: 'good' },
      ])
      expect(await rows(file, 'text\tlabel\nso bad\tneg', { likely })).toMatchObject([{ input: 'so bad' }])
      expect(await rows(file, 'so bad\ngood', { likely })).toMatchObject([{ input: 'so bad' }, { input: 'good' }])
      expect(await rows(file, 'a\tb\nx\ty', { likely, column: 1 })).toMatchObject([{ input: 'a' }, { input: 'x' }])
    }
    await expect(rows('a.tsv', 'x\ty', { likely: { ...likely, width: 3 } })).rejects.toThrow('expected a column "text"')
    const withHeader = { ...likely, header: true }
    expect(await rows('a.tsv', 'text\tbody\nx\ty', { likely: withHeader })).toMatchObject([{ line: 2, input: 'y' }])
  })

  it('reads cells in quotes over several lines, and names the first', async () => {
    expect(await rows('a.csv', 'text,n\n"a ""b""\n, c",1\nd,2')).toEqual([
      { line: 2, cells: { text: 'a "b"\n, c', n: '1' }, input: 'a "b"\n, c' },
      { line: 4, cells: { text: 'd', n: '2' }, input: 'd' },
    ])
    await expect(rows('a.csv', 'text\nfine\n"never closed\nagain')).rejects.toThrow('a.csv:3: expected a closing quote')
  })

  it('reads a table by the delimiter of its first lines where the extension misleads', async () => {
    const expected = [{ line: 2, cells: { id: '7', text: 'a, b' }, input: 'a, b' }]
    expect(await rows('a.csv', 'id\ttext\n7\ta, b')).toEqual(expected)
    expect(await rows('a.csv', 'id;text\n7;a, b')).toEqual(expected)
    expect(await rows('a.tsv', 'id,text\n7,"a, b"')).toEqual(expected)
    const many = Array.from({ length: 50 }, (_, i) => `${i}\tx, ${i}`).join('\n')
    expect(await rows('a.csv', `id\ttext\n${many}`)).toHaveLength(50)
  })

  it('reads JSON lines with all of their fields', async () => {
    expect(await rows('a.jsonl', '{"id":1,"text":"x","more":[2]}\n\n{"text":null}')).toEqual([
      { line: 1, cells: { id: 1, text: 'x', more: [2] }, input: 'x' },
      { line: 3, cells: { text: null }, input: '' },
    ])
  })

  it.each([
    ['a.tsv', 'text\tn\nx\t1\ny', undefined, 'a.tsv:3: expected 2 columns, got 1'],
    ['a.jsonl', '{"text":"x"}\n{"text"', undefined, 'a.jsonl:2: expected a JSON object'],
    ['a.jsonl', '{"text":"x"}\n[1]', undefined, 'a.jsonl:2: expected a JSON object, got [1]'],
    ['a.jsonl', '{"text":["x"]}', undefined, 'a.jsonl:1: expected a text in field "text"'],
    ['a.tsv', 'x\ty', undefined, 'a.tsv: expected a column "text", "source" or the like, got 2 columns'],
    ['a.tsv', 'x\ty', 'z', 'a.tsv: expected a column "z", got none'],
    ['a.tsv', 'x\ty', 3, 'a.tsv: expected a column 3, got none'],
  ])('names the place in %s: %j', async (file, text, column, message) => {
    await expect(rows(file, text, { column })).rejects.toThrow(message)
  })

  it('gives columns of one name distinct ones', async () => {
    expect(await rows('a.tsv', 'text\ttext\na\tb')).toMatchObject([{ cells: { text: 'a', text_2: 'b' } }])
  })
})
