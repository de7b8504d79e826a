import { RandomStream } from '@heddle/core'
import { LogMel } from '@heddle/data'
import { describe, expect, it } from 'vitest'
import { type Speaker, speakDigits } from './speak-digits.ts'

const speaker: Speaker = { pitch: 120, tract: 1, pace: 1, hiss: 0.002 }
const speak = (digits: number[], who = speaker, seed = 1) => speakDigits(digits, who, 8000, new RandomStream(seed))

describe('speakDigits', () => {
  it('gives a sound of speech length, within range, the same for the same seed', () => {
    const sound = speak([7])
    expect(sound.length / 8000).toBeGreaterThan(0.3)
    expect(sound.length / 8000).toBeLessThan(1)
    const loudest = sound.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
    expect(loudest).toBeGreaterThan(0.25)
    expect(loudest).toBeLessThanOrEqual(1)
    expect(speak([7])).toEqual(sound)
    expect(speak([7], speaker, 2)).not.toEqual(sound)
  })

  it('takes longer for more digits and for slow speakers', () => {
    expect(speak([1, 2, 3]).length).toBeGreaterThan(2 * speak([1]).length)
    expect(speak([1], { ...speaker, pace: 1.5 }).length).toBeGreaterThan(1.3 * speak([1]).length)
  })

  it('hisses high where an s is spoken, and not in a vowel', () => {
    const logMel = new LogMel({ sampleRate: 8000, numMels: 20 })
    const { data, shape } = logMel.frames(speak([6]))
    const energy = (t: number, from: number, to: number) => {
      let sum = 0
      for (let m = from; m < to; m++) sum += Math.exp(data[t * 20 + m]!)
      return sum
    }
    const tilt = (second: number) => {
      const t = Math.min(shape[0] - 1, Math.round(second * 100))
      return energy(t, 14, 20) / energy(t, 0, 10)
    }
    expect(tilt(0.09)).toBeGreaterThan(5)
    expect(tilt(0.18)).toBeLessThan(0.2)
  })
})
