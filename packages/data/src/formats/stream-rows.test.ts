import { describe, expect, it } from 'vitest'
import { streamRows } from './stream-rows.ts'
import type { WantedColumns } from './wanted-columns.ts'

async function rows(file: string, text: string, options: Partial<WantedColumns> = {}) {
  const lines = (async function* () {
    yield* text.split('\n')
  })()
  const found = []
  for await (const row of streamRows(lines, { file, names: [['text'], ['source']], ...options })) found.push(row)
  return found
}

describe('streamRows', () => {
  it('reads an input in each line, empty ones too', async () => {
    expect(await rows('a.txt', 'one\n\ttwo\n\nthree')).toEqual([
      { line: 1, cells: { input: 'one' }, inputs: ['one'] },
      { line: 2, cells: { input: '\ttwo' }, inputs: ['\ttwo'] },
      { line: 3, cells: { input: '' }, inputs: [''] },
      { line: 4, cells: { input: 'three' }, inputs: ['three'] },
    ])
  })

  it('finds the column of a table by its usual name, in a file of any extension', async () => {
    const expected = [{ line: 2, cells: { id: '7', Text: 'good', label: '1' }, inputs: ['good'] }]
    for (const file of ['a.tsv', 'ratings.txt', '-']) {
      expect(await rows(file, 'id\tText\tlabel\n7\tgood\t1')).toEqual(expected)
    }
  })

  it('takes a column by name or number, with or without a header', async () => {
    expect(await rows('a.tsv', 'a\tb\nx\ty', { columns: ['B'] })).toMatchObject([{ line: 2, inputs: ['y'] }])
    expect(await rows('a.tsv', 'x\ty\nz\tw', { columns: [2] })).toEqual([
      { line: 1, cells: { column1: 'x', column2: 'y' }, inputs: ['y'] },
      { line: 2, cells: { column1: 'z', column2: 'w' }, inputs: ['w'] },
    ])
    expect(await rows('a.tsv', 'id\ttext\n1\tx', { columns: [1] })).toMatchObject([{ inputs: ['1'] }])
    expect(await rows('a.tsv', 'only\nthis')).toMatchObject([{ inputs: ['only'] }, { inputs: ['this'] }])
  })

  it('reads the column of tables of the same kind where nothing else tells it', async () => {
    const likely = { columns: [2], header: false, width: 2 }
    for (const file of ['a.tsv', 'a.txt', '-']) {
      expect(await rows(file, 'neg\tso bad\npos\tgood', { likely })).toEqual([
        { line: 1, cells: { column1: 'neg', column2: 'so bad' }, inputs: ['so bad'] },
        { line: 2, cells: { column1: 'pos', column2: 'good' }, inputs: ['good'] },
      ])
      expect(await rows(file, 'text\tlabel\nso bad\tneg', { likely })).toMatchObject([{ inputs: ['so bad'] }])
      expect(await rows(file, 'so bad\ngood', { likely })).toMatchObject([{ inputs: ['so bad'] }, { inputs: ['good'] }])
      expect(await rows(file, 'a\tb\nx\ty', { likely, columns: [1] })).toMatchObject([
        { inputs: ['a'] },
        { inputs: ['x'] },
      ])
    }
    await expect(rows('a.tsv', 'x\ty', { likely: { ...likely, width: 3 } })).rejects.toThrow('expected a column "text"')
    const withHeader = { ...likely, header: true }
    expect(await rows('a.tsv', 'text\tbody\nx\ty', { likely: withHeader })).toMatchObject([{ line: 2, inputs: ['y'] }])
  })

  it('reads cells in quotes over several lines, and names the first', async () => {
    expect(await rows('a.csv', 'text,n\n"a ""b""\n, c",1\nd,2')).toEqual([
      { line: 2, lastLine: 3, cells: { text: 'a "b"\n, c', n: '1' }, inputs: ['a "b"\n, c'] },
      { line: 4, cells: { text: 'd', n: '2' }, inputs: ['d'] },
    ])
  })

  it('loses only the line at fault where a quote is never closed', async () => {
    const problem = expect.stringContaining('closing quote')
    expect(await rows('a.csv', 'text,n\nfine,1\n"never closed,2\nagain,3\n"two\nlines",4')).toMatchObject([
      { line: 2, inputs: ['fine'] },
      { line: 3, cells: { text: '"never closed,2' }, inputs: [''], problem },
      { line: 4, inputs: ['again'] },
      { line: 5, lastLine: 6, inputs: ['two\nlines'] },
    ])
  })

  it('reads a table by the delimiter of its first lines where the extension misleads', async () => {
    const expected = [{ line: 2, cells: { id: '7', text: 'a, b' }, inputs: ['a, b'] }]
    expect(await rows('a.csv', 'id\ttext\n7\ta, b')).toEqual(expected)
    expect(await rows('a.csv', 'id;text\n7;a, b')).toEqual(expected)
    expect(await rows('a.tsv', 'id,text\n7,"a, b"')).toEqual(expected)
    const many = Array.from({ length: 50 }, (_, i) => `${i}\tx, ${i}`).join('\n')
    expect(await rows('a.csv', `id\ttext\n${many}`)).toHaveLength(50)
  })

  it('reads JSON lines with all of their fields', async () => {
    expect(await rows('a.jsonl', '{"id":1,"text":"x","more":[2]}\n\n{"text":null}')).toEqual([
      { line: 1, cells: { id: 1, text: 'x', more: [2] }, inputs: ['x'] },
      { line: 3, cells: { text: null }, inputs: [''] },
    ])
  })

  it('reads the members of a JSON array', async () => {
    const expected = [
      { line: 1, cells: { id: 1, text: 'x' }, inputs: ['x'] },
      { line: 2, cells: { id: 2, text: 'y' }, inputs: ['y'] },
    ]
    expect(await rows('a.json', '[\n{"id": 1, "text": "x"},\n{"id": 2,\n "text": "y"}\n]')).toEqual(expected)
    expect(await rows('a.json', '[\n{"id": 1')).toMatchObject([{ problem: expect.stringContaining('expected lines') }])
  })

  it('reads JSON lines of arrays by the numbers of their columns', async () => {
    const expected = [{ line: 1, cells: { column1: '7', column2: 'x' }, inputs: ['x'] }]
    expect(await rows('a.jsonl', '[7,"x"]', { columns: [2] })).toEqual(expected)
  })

  it.each([
    ['a.tsv', 'text\tn\nx\t1\ny\nz\t2', 3, { text: 'y' }, 'expected 2 columns, got 1'],
    ['a.jsonl', '{"text":"x"}\n{"text"\n{"text":"z"}', 2, {}, 'expected a JSON value'],
    ['a.jsonl', '{"text":"x"}\n[1]\n{"text":"z"}', 2, {}, 'expected a JSON object, got [1]'],
    ['a.jsonl', '{"text":"x"}\n{"text":["y"]}\n{"text":"z"}', 2, { text: ['y'] }, 'expected a text in field "text"'],
  ])('tells the problem of a row of %s and goes on: %j', async (file, text, line, cells, problem) => {
    const [before, bad, after] = await rows(file, text)
    expect([before?.inputs, after?.inputs]).toEqual([['x'], ['z']])
    expect(bad).toEqual({ line, cells, inputs: [''], problem: expect.stringContaining(problem) })
  })

  it.each([
    ['a.tsv', 'x\ty', undefined, 'a.tsv: expected a column "text", "source" or the like, got 2 columns'],
    ['a.tsv', 'x\ty', ['z'], 'a.tsv: expected a column "z", got none'],
    ['a.tsv', 'x\ty', [3], 'a.tsv: expected a column 3, got none'],
    ['a.tsv', 'x\ty', [1, 2], 'a.tsv: expected 1 column to read, got 1, 2'],
  ])('tells which column is missing in %s: %j', async (file, text, columns, message) => {
    await expect(rows(file, text, { columns })).rejects.toThrow(message)
  })

  it('reads two columns that belong together', async () => {
    const names = [
      ['premise', 'hypothesis'],
      ['a', 'b'],
    ]
    for (const [file, text] of [
      ['a.tsv', 'b\tid\ta\ny\t7\tx'],
      ['a.jsonl', '{"b":"y","a":"x"}'],
      ['a.tsv', 'x\ty'],
      ['a.txt', 'x\ty'],
      ['a.txt', 'x ||| y'],
    ] as const) {
      expect(await rows(file, text, { names })).toMatchObject([{ inputs: ['x', 'y'] }])
    }
    const columns = ['second', 1]
    expect(await rows('a.csv', 'first,second\nx,y', { names, columns })).toMatchObject([{ inputs: ['y', 'x'] }])
    const likely = { columns: [6, 7], header: false, width: 7 }
    expect(await rows('a.csv', '1\t2\t3\t4\t5\tx\ty', { names, likely })).toMatchObject([{ inputs: ['x', 'y'] }])
    const longer = '1\t2\t3\t4\t5\tx\ty\tfrom\n'
    const sts = `1\t2\t3\t4\t5\tx\ty\n${longer}`
    const ragged = { ...likely, isRagged: true }
    expect(await rows('a.csv', sts, { names, likely: ragged })).toMatchObject([
      { inputs: ['x', 'y'] },
      { inputs: ['x', 'y'] },
    ])
    const narrow = { columns: [1, 2], header: false, width: 3, widest: 3 }
    await expect(rows('a.csv', sts, { names, likely: narrow })).rejects.toThrow('expected 2 columns')
    expect(await rows('a.tsv', 'x\ty\tl', { names, likely: narrow })).toMatchObject([{ inputs: ['x', 'y'] }])
    expect(await rows('a.txt', 'x ||| y\nalone\n\nz|||w', { names })).toMatchObject([
      { inputs: ['x', 'y'] },
      { line: 2, problem: expect.stringContaining('expected 2 texts') },
      { inputs: ['', ''] },
      { inputs: ['z', 'w'] },
    ])
    await expect(rows('a.tsv', 'x\ty\tz', { names })).rejects.toThrow(
      'expected 2 columns, such as "premise" and "hypothesis"',
    )
  })

  it("leaves fastText's labels out of texts", async () => {
    expect(await rows('a.txt', '__label__a __label__b so good\nplain')).toEqual([
      { line: 1, cells: { labels: 'a b', input: 'so good' }, inputs: ['so good'] },
      { line: 2, cells: { input: 'plain' }, inputs: ['plain'] },
    ])
  })

  it('gives columns of one name distinct ones', async () => {
    expect(await rows('a.tsv', 'text\ttext\na\tb')).toMatchObject([{ cells: { text: 'a', text_2: 'b' } }])
  })
})
