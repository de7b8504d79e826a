import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { show } from './show.ts'

describe('show', () => {
  it('renders small JSON values as JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (drawn) => {
        const plain = JSON.stringify(drawn)
        expect(show(JSON.parse(plain), 1e6)).toBe(plain)
      }),
    )
  })

  it('renders what JSON cannot', () => {
    expect(show([Number.NaN, 3n, undefined])).toBe('[NaN,3,undefined]')
    expect(show(Float32Array.of(1, 0.5))).toBe('[1,0.5]')
    expect(show(new Map([[1, 2]]))).toBe('Map(1)')
    expect(show(new Date(0))).toBe('"1970-01-01T00:00:00.000Z"')
    expect(show(Math.max)).toBe('function max')
    expect(show({ a: 1, b: undefined })).toBe('{"a":1}')
    expect(show(Object.create(null))).toBe('{}')
    const circular: unknown[] = []
    circular.push(circular)
    expect(show(circular, 8)).toBe('[[[[[[[…')
    const broken = {
      get value() {
        throw new Error('no')
      },
    }
    expect(show(broken)).toBe('{(unreadable)')
  })

  it('cuts without splitting a character', () => {
    expect(show('a'.repeat(100), 10)).toBe('"aaaaaaaa…')
    for (let length = 2; length < 12; length++) expect(show('😀😀😀😀😀😀😀', length)).not.toMatch(/\p{Surrogate}/u)
  })

  it('escapes controls of terminals and of writing direction', () => {
    expect(show('\u001b[2J\u009b2J\u202eabc\u2066')).toBe('"\\u001b[2J\\u009b2J\\u202eabc\\u2066"')
  })

  it('does not depend on depth or size', () => {
    let deep: unknown = 1
    for (let i = 0; i < 100_000; i++) deep = i % 2 === 0 ? [deep] : { a: deep }
    expect(show(deep)).toHaveLength(80)
    const long = 'x'.repeat(1_000_000)
    show(long)
    const start = process.cpuUsage()
    for (let i = 0; i < 1000; i++) show(long)
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(5000)
  })
})
