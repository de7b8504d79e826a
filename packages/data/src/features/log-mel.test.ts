import { describe, expect, test } from 'vitest'
import { LogMel } from './log-mel.ts'
import { hzToMel, melFilters, melToHz } from './mel-filters.ts'

const N = 900
const sound = Float32Array.from({ length: N }, (_, i) => {
  const tone = 0.5 * Math.sin((2 * Math.PI * 440 * i) / 8000)
  const rising = 0.3 * Math.sin((2 * Math.PI * (100 + i) * i) / 8000)
  return tone + rising + 0.05 * Math.cos(i * i * 0.37)
})

const options = { sampleRate: 8000, numMels: 12, minFrequency: 50, maxFrequency: 3800 }

describe('LogMel', () => {
  test('refuses a sample rate or a number of bands that would take gigabytes', () => {
    const message = /^LogMel: expected a window and mel bands of at most 65536/
    expect(() => new LogMel({ sampleRate: 2 ** 32 - 1, numMels: 40 })).toThrow(message)
    expect(() => new LogMel({ sampleRate: 8000, numMels: 2e9 })).toThrow(message)
    expect(() => new LogMel({ sampleRate: 8000, numMels: 40, fftSize: 2 ** 30 })).toThrow('expected fftSize to be')
    expect(() => new LogMel({ sampleRate: 8000, numMels: 40, floor: Number.NaN })).toThrow('expected floor')
  })

  test("gives the numbers of Hugging Face's spectrogram", () => {
    const { data, shape } = new LogMel(options).frames(sound)
    expect(shape).toEqual([9, 12])
    const frame = (t: number) => [...data.subarray(12 * t, 12 * t + 12)]
    // transformers 5.18, audio_utils: frames 0, 4 and 8 with mel_scale='htk', norm=None, power=2, center=False.
    const golden: [number, number[]][] = [
      [0, [4.1333, 5.8296, 6.9786, 4.3849, -0.5641, -0.312, -0.2178, -0.0572, 0.0953, 0.2112, 0.3225, 0.4677]],
      [4, [-2.5556, 3.824, 6.9159, 4.3931, 5.0446, 5.6119, 1.8838, -0.2009, 0.5538, 0.1841, -0.0508, 0.0336]],
      [8, [-0.6663, 3.9005, 6.9715, 4.4511, -0.3322, -0.4847, 3.1384, 5.8836, 3.8548, 0.1048, 0.2407, 0.5774]],
    ]
    for (const [t, expected] of golden) {
      for (const [m, value] of expected.entries()) expect(frame(t)[m]).toBeCloseTo(value, 3)
    }
  })

  test('gives a sound shorter than a window one frame, and silence the floor', () => {
    const { data, shape } = new LogMel({ ...options, floor: 1e-6 }).frames(new Float32Array(50))
    expect(shape).toEqual([1, 12])
    for (const value of data) expect(value).toBeCloseTo(Math.log(1e-6), 5)
  })

  test('counts only windows that are full', () => {
    const extractor = new LogMel(options)
    expect([199, 200, 279, 280, 1000].map((size) => extractor.numFrames(size))).toEqual([1, 1, 1, 2, 11])
  })

  test('says what is wrong with sizes', () => {
    expect(() => new LogMel({ ...options, windowSize: 0 })).toThrow(
      /expected windowSize to be a whole number above 0, got 0/,
    )
    expect(() => new LogMel({ ...options, fftSize: 200 })).toThrow(
      /expected fftSize to be a power of two from 200 to 262144, got 200/,
    )
    expect(() => new LogMel({ ...options, maxFrequency: 5000 })).toThrow(/max ≤ 4000 Hz, got 50 and 5000/)
  })
})

describe('melFilters', () => {
  test('are the triangles of Hugging Face', () => {
    const filters = melFilters({ ...options, fftSize: 256 })
    const row = [...filters.subarray(3 * 129, 4 * 129)]
    expect(row.findIndex((weight) => weight > 0)).toBe(14)
    const golden = [
      0.02055, 0.20702, 0.39349, 0.57996, 0.76642, 0.95289, 0.87858, 0.71612, 0.55366, 0.3912, 0.22874, 0.06628,
    ]
    for (const [i, weight] of golden.entries()) expect(row[14 + i]).toBeCloseTo(weight, 4)
  })

  test('between the first and the last middle all weights of a frequency sum to 1', () => {
    const filters = melFilters({ numMels: 10, fftSize: 512, sampleRate: 8000 })
    const sums = Array.from({ length: 257 }, (_, f) =>
      Array.from({ length: 10 }, (_, m) => filters[m * 257 + f]!).reduce((a, b) => a + b),
    )
    for (const sum of sums.slice(15, 180)) expect(sum).toBeCloseTo(1, 5)
  })

  test('sizes that would take gigabytes are refused', () => {
    for (const sizes of [
      { numMels: 2e9, fftSize: 512 },
      { numMels: 10, fftSize: 2 ** 40 },
      { numMels: 1.5, fftSize: 512 },
    ]) {
      expect(() => melFilters({ ...sizes, sampleRate: 8000 })).toThrow('melFilters: expected whole numbers')
    }
  })

  test('mel and Hz are each the inverse of the other', () => {
    for (const frequency of [0, 60, 1000, 7999]) expect(melToHz(hzToMel(frequency))).toBeCloseTo(frequency, 6)
    expect(hzToMel(1000)).toBeCloseTo(1000, 0)
  })
})
