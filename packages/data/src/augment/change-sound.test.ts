import { RandomStream } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import { changeSound } from './change-sound.ts'

// A tone that swells and fades.
const sound = Float32Array.from({ length: 3000 }, (_, i) => Math.sin(i / 4) * Math.sin((i * Math.PI) / 3000) * 0.5)
const power = (samples: Float32Array) => samples.reduce((sum, sample) => sum + sample ** 2, 0)

describe('changeSound', () => {
  it('leaves a sound alone where nothing is to be changed', () => {
    expect(changeSound(sound, { speed: 0, shift: 0, noise: 0 }, 8000, new RandomStream(1))).toEqual(sound)
  })

  it('moves by at most the shift at each end', () => {
    const rng = new RandomStream(1)
    const lengths = Array.from(
      { length: 40 },
      () => changeSound(sound, { speed: 0, shift: 0.05, noise: 0 }, 8000, rng).length - sound.length,
    )
    expect(Math.max(...lengths.map(Math.abs))).toBeLessThanOrEqual(800)
    expect(new Set(lengths).size).toBeGreaterThan(20)
  })

  it('adds noise of at most 5 dB less power', () => {
    const rng = new RandomStream(1)
    for (let i = 0; i < 20; i++) {
      const noisy = changeSound(sound, { speed: 0, shift: 0, noise: 1 }, 8000, rng)
      const added = power(noisy.map((sample, j) => sample - sound[j]!))
      expect(added).toBeGreaterThan(0)
      expect(added).toBeLessThan(power(sound) * 10 ** -0.45)
    }
  })

  it('changes speed by at most its share, and leaves at least half of a short sound', () => {
    const rng = new RandomStream(2)
    for (let i = 0; i < 20; i++) {
      const { length } = changeSound(sound, { speed: 0.2, shift: 0, noise: 0 }, 8000, rng)
      expect(length).toBeGreaterThanOrEqual(Math.floor(sound.length / 1.2))
      expect(length).toBeLessThanOrEqual(Math.ceil(sound.length / 0.8))
      const short = changeSound(sound.subarray(0, 100), { speed: 0, shift: 1, noise: 0 }, 8000, rng)
      expect(short.length).toBeGreaterThanOrEqual(50)
    }
  })
})
