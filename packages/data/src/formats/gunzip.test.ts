import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gunzip, gunzipStart } from './gunzip.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const packed = (content: Uint8Array) => new Uint8Array(gzipSync(content))
const joined = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]))

describe('gunzip', () => {
  it('gives back what was packed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), fc.integer({ min: 1, max: 3000 }), async (unit, times) => {
        const content = Uint8Array.from({ length: unit.length * times }, (_, i) => unit[i % unit.length]!)
        expect(await gunzip(packed(content))).toEqual(content)
      }),
      { numRuns: 50 },
    )
  })

  it('unpacks all members of a file', async () => {
    const members = ['가', '', 'b'.repeat(100_000), 'c'].map((text) => packed(bytes(text)))
    expect(await gunzip(joined(...members))).toEqual(bytes(`가${'b'.repeat(100_000)}c`))
    const many = Array.from({ length: 2000 }, (_, i) => packed(bytes(`${i},`)))
    expect(new TextDecoder().decode(await gunzip(joined(...many)))).toMatch(/^0,1,.*1999,$/)
  })

  it('ignores zeros after the last member', async () => {
    for (const zeros of [1, 7, 512]) {
      expect(await gunzip(joined(packed(bytes('abc')), new Uint8Array(zeros)))).toEqual(bytes('abc'))
    }
  })

  it('refuses damage at any byte but those that carry no content', async () => {
    const content = bytes('the loom, the shuttle and the thread '.repeat(3))
    const good = packed(content)
    for (let at = 0; at < good.length; at++) {
      const bad = good.slice()
      bad[at]! ^= 0x10
      // Bytes 4 to 9 hold the time and the system; the last bits before the trailer fill a byte.
      if ((at >= 4 && at < 10) || at === good.length - 9) expect(await gunzip(bad)).toEqual(content)
      else await expect(gunzip(bad, { file: 'a.gz' })).rejects.toThrow(/^a\.gz: expected gzip data, got \d+ bytes/)
      await expect(gunzip(good.subarray(0, at))).rejects.toThrow('expected gzip data')
    }
  })

  it('refuses other bytes after a member', async () => {
    await expect(gunzip(joined(packed(bytes('abc')), bytes('junk')))).rejects.toThrow('expected gzip data')
  })

  it('stops at a limit', async () => {
    const bomb = packed(new Uint8Array(70_000_000))
    await expect(gunzip(bomb, { file: 'a.gz' })).rejects.toThrow(
      `a.gz: expected at most 67108864 bytes unpacked, got more from ${bomb.length} packed bytes.`,
    )
    await expect(gunzip(packed(bytes('abcd')), { maxBytes: 3 })).rejects.toThrow('at most 3 bytes')
    expect(await gunzip(packed(bytes('abcd')), { maxBytes: 4 })).toEqual(bytes('abcd'))
  })
})

describe('gunzipStart', () => {
  it('unpacks no more than it must', () => {
    const bomb = packed(new Uint8Array(30_000_000).fill(7))
    const start = process.cpuUsage()
    expect(gunzipStart(bomb, 5, 'a.gz')).toEqual(Uint8Array.of(7, 7, 7, 7, 7))
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(2000)
    expect(gunzipStart(packed(bytes('ab')), 5, 'a.gz')).toEqual(bytes('ab'))
  })
})
