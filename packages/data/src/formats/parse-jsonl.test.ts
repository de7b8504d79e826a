import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { parseJsonl } from './parse-jsonl.ts'

describe('parseJsonl', () => {
  it('reads one value a line, of any kind', () => {
    expect(parseJsonl('{"a":1}\r\n[2]\n"세"\nnull').rows).toEqual([{ a: 1 }, [2], '세', null])
  })

  it('names file and line of invalid JSON', () => {
    expect(() => parseJsonl('1\n{"a":\n', { file: 'x.jsonl' })).toThrow(
      /^x\.jsonl:2: expected a JSON value, got "\{\\"a\\":" \(.*\)\./,
    )
  })

  it('skips blank lines', () => {
    expect(parseJsonl('1\n\n 2\n \n\n').rows).toEqual([1, 2])
    expect(parseJsonl('1\r\r2\r').rows).toEqual([1, 2])
  })

  it('checks each line against a schema', () => {
    const schema = z.strictObject({ text: z.string(), label: z.int() })
    const { rows } = parseJsonl('{"text":"a","label":1}\n', { schema })
    const label: number = rows[0]!.label
    expect(label).toBe(1)
    expect(() => parseJsonl('{"text":"a","label":"1"}\n', { file: 'x.jsonl', schema })).toThrow(
      /^x\.jsonl:1: .*'label'.*got "1"/,
    )
  })

  it('reports what it skipped', () => {
    const { rows, skipped } = parseJsonl('1\nx\n2\n', { malformed: 'skip' })
    expect(rows).toEqual([1, 2])
    expect(skipped.map(({ line }) => line)).toEqual([2])
  })
})
