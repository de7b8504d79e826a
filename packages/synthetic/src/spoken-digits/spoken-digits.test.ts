import { RandomStream } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import { spokenDigits } from './spoken-digits.ts'

const WORDS = 'zero one two three four five six seven eight nine'.split(' ')

describe('spokenDigits', () => {
  const clips = spokenDigits(40, new RandomStream(1), { longest: 2, sampleRate: 4000 })

  it('names each clip by its digits and writes them out as words', () => {
    for (const [i, { source, target }] of clips.entries()) {
      const digits = target.split(' ').map((word) => WORDS.indexOf(word))
      expect(source.name).toBe(`${digits.join('')}_${i}`)
      expect(digits.length).toBeLessThanOrEqual(2)
    }
    expect(new Set(clips.map(({ target }) => target.split(' ').length))).toEqual(new Set([1, 2]))
  })

  it('takes longer for more digits, and as many more samples as the sample rate asks', () => {
    const mean = (digits: number) => {
      const lengths = clips
        .filter(({ target }) => target.split(' ').length === digits)
        .map(({ source }) => source.samples)
      return lengths.reduce((sum, { length }) => sum + length, 0) / lengths.length
    }
    expect(mean(2)).toBeGreaterThan(1.5 * mean(1))
    const [slow, fast] = [4000, 8000].map((sampleRate) => spokenDigits(1, new RandomStream(1), { sampleRate })[0]!)
    expect(fast!.source.samples.length).toBe(2 * slow!.source.samples.length)
  })

  it('refuses options that give no speech', () => {
    expect(() => spokenDigits(1, new RandomStream(1), { longest: 0 })).toThrow(
      'spokenDigits: expected longest that is an integer of at least 1, got 0',
    )
    expect(() => spokenDigits(1, new RandomStream(1), { sampleRate: 100 })).toThrow('at least 4000, got 100')
  })
})
