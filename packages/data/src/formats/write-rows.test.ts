import { describe, expect, it } from 'vitest'
import { parseCsv } from './parse-csv.ts'
import { rowFormat } from './write-rows.ts'

const row = { text: 'a\t"b",\nc', scores: { no: 0.25, yes: 0.75 }, tags: ['B', 'O'], words: ['New York'], none: null }

describe('rowFormat', () => {
  it.each([
    ['csv', ','],
    ['tsv', '\t'],
  ])(
    'writes .%s with cells in quotes where they need them, a column for each value of a record',
    (extension, delimiter) => {
      const format = rowFormat(`a.${extension}`, '--output')
      const flat = format.flat(row)
      const columns = Object.keys(flat)
      expect(columns).toEqual(['text', 'scores.no', 'scores.yes', 'tags', 'words', 'none'])
      const text = format.header!(columns) + format.line(flat, columns)
      expect(parseCsv(text, { delimiter }).rows).toEqual([
        { text: row.text, 'scores.no': '0.25', 'scores.yes': '0.75', tags: 'B O', words: '["New York"]', none: '' },
      ])
    },
  )

  it('writes JSON lines as they are', () => {
    const format = rowFormat('A.JSONL', '--output')
    expect(format.header).toBeUndefined()
    expect(JSON.parse(format.line(format.flat(row), []))).toEqual(row)
  })

  it('names the extensions that it knows', () => {
    expect(() => rowFormat('a.xlsx', '--output')).toThrow(
      '--output: expected a file .jsonl, .ndjson, .csv, .tsv, .txt, got a.xlsx',
    )
  })
})
