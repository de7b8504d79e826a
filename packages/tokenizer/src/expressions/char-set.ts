import { codePointAt } from '../unicode/code-point.ts'
import { inRanges } from '../unicode/in-ranges.ts'

/** A test of code points. */
export type CodePointTest = (code: number) => boolean

const UNKNOWN = 0
const OUTSIDE = 1
const INSIDE = 2

/** A set of code points. Each membership is computed when it is first asked for, and kept in a table. */
export class CharSet {
  readonly test: CodePointTest
  readonly #table = new Uint8Array(0x10000)
  readonly #astral = new Map<number, boolean>()

  constructor(test: CodePointTest) {
    this.test = test
  }

  has(code: number): boolean {
    if (code > 0xffff) {
      let inside = this.#astral.get(code)
      if (inside === undefined) this.#astral.set(code, (inside = this.test(code)))
      return inside
    }
    const known = this.#table[code]!
    return known === UNKNOWN ? this.#learn(code) : known === INSIDE
  }

  /** The end of the run of at most `most` members of this set that starts at unit `i` of a text. */
  runEnd(text: string, i: number, most: number): number {
    const table = this.#table
    const { length } = text
    let left = most
    let at = i
    while (at < length && left-- > 0) {
      const unit = text.charCodeAt(at)
      if ((unit & 0xfc00) === 0xd800) {
        const code = codePointAt(text, at)
        if (!this.has(code)) break
        at += code > 0xffff ? 2 : 1
        continue
      }
      const known = table[unit]!
      if (known === OUTSIDE || (known === UNKNOWN && !this.#learn(unit))) break
      at++
    }
    return at
  }

  /** The place of the first member of this set at or after unit `from` of a text; its length if there is none. */
  next(text: string, from: number): number {
    const table = this.#table
    const { length } = text
    let at = from
    for (; at < length; at++) {
      const unit = text.charCodeAt(at)
      const known = table[unit]!
      if (known === OUTSIDE && (unit & 0xf800) !== 0xd800) continue
      if ((unit & 0xfc00) === 0xd800) {
        const code = codePointAt(text, at)
        if (this.has(code)) return at
        if (code > 0xffff) at++
      } else if (known === INSIDE || this.#learn(unit)) return at
    }
    return length
  }

  #learn(unit: number): boolean {
    const inside = this.test(unit)
    this.#table[unit] = inside ? INSIDE : OUTSIDE
    return inside
  }
}

/** Whether a code point is one of `codes` or lies in one of `ranges`, which may overlap. */
export function rangeTest(ranges: readonly (readonly [number, number])[]): CodePointTest {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0])
  const starts: number[] = []
  const ends: number[] = []
  for (const [start, end] of sorted) {
    const last = ends.length - 1
    if (last >= 0 && start <= ends[last]! + 1) ends[last] = Math.max(ends[last]!, end)
    else {
      starts.push(start)
      ends.push(end)
    }
  }
  return (code) => inRanges(starts, ends, code)
}
