import { RandomStream } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import { selectiveUnits } from './selective-units.ts'

// No rhythm: moved by its own period, a property would be in its right places again.
const text = `He said "the loom is old" and left.
She, who knew better than all of us, said nothing at all for a while.
Then: "So are we."
A thread goes over, another (the blue one) goes under; "why", asked the smallest of the weavers, "does the blue one never win?"
Nobody answered. The shuttle flew, the heddle rose, and in the evening there was a cloth.
"Look", she said.
`
const tokens = [...text].map((each) => ({ text: each, gap: '' }))
const T = tokens.length
const rng = new RandomStream(3)
const noise = (scale: number) => Float32Array.from({ length: T }, () => scale * (2 * rng.uniform() - 1))

let open = false
const quotes = Float32Array.from(tokens, ({ text: each }) => {
  if (each === '"') open = !open
  return open ? 0.9 : -0.8
})
const vowels = Float32Array.from(tokens, ({ text: each }) => ('aeiou'.includes(each) ? -0.6 : 0.5))
const faintVowels = vowels.map((value) => value * 1e-4)

const states = {
  tokens,
  layers: [
    { layer: 0, units: [noise(0.9), vowels, noise(0.9)] },
    { layer: 1, units: [faintVowels, noise(0.9), quotes, new Float32Array(T)] },
  ],
}

describe('selectiveUnits', () => {
  it('finds the quote unit and the vowel unit among noise, and names what they follow', () => {
    const found = selectiveUnits(states, { count: 2 })
    expect(found.map(({ layer, unit, property }) => [layer, unit, property])).toEqual([
      [0, 1, 'vowel'],
      [1, 2, 'inside quotes'],
    ])
    expect(found[0]!.correlation).toBeLessThan(-0.95)
    // The mark that opens counts as inside for the unit, and not for the property.
    expect(found[1]!.correlation).toBeGreaterThan(0.85)
    for (const { correlation, chance } of found) expect(Math.abs(correlation)).toBeGreaterThan(chance)
  })

  it('prefers a unit that can be seen to a faint one that follows as well', () => {
    const vowel = selectiveUnits(states, { count: 20 }).find(({ property }) => property === 'vowel')!
    expect([vowel.layer, vowel.unit]).toEqual([0, 1])
  })

  it('a unit of noise follows nothing better than by chance', () => {
    const [found] = selectiveUnits({ tokens, layers: [{ layer: 0, units: [noise(0.9)] }] }, { unit: 0 })
    // One property of 11 is the best of them, so that it may lie a little above its own level.
    expect(Math.abs(found!.correlation)).toBeLessThan(1.5 * found!.chance)
    expect(Math.abs(found!.correlation)).toBeLessThan(0.3)
  })

  it('picks one unit, of the last layer unless one is named', () => {
    expect(selectiveUnits(states, { unit: 2 })).toMatchObject([{ layer: 1, unit: 2 }])
    expect(selectiveUnits(states, { unit: 1, layer: 0 })).toMatchObject([{ layer: 0, unit: 1, property: 'vowel' }])
    expect(selectiveUnits(states, { layer: 0 }).every(({ layer }) => layer === 0)).toBe(true)
    expect(() => selectiveUnits(states, { unit: 4 })).toThrow('expected a unit from 0 to 3 of layer 1, got 4')
    expect(() => selectiveUnits(states, { layer: 2 })).toThrow('expected one of the layers 0, 1, got 2')
  })

  it('names the units that vary most where a text has no property that varies', () => {
    const same = ['b', 'b', 'b'].map((each) => ({ text: each, gap: '' })).map((token) => ({ ...token, text: '' }))
    const units = [Float32Array.of(0, 0.1, 0), Float32Array.of(1, -1, 1)]
    const found = selectiveUnits({ tokens: same, layers: [{ layer: 0, units }] }, { count: 1 })
    expect(found[0]).toMatchObject({ unit: 1 })
  })
})
