import { RandomStream } from '@heddle/core'
import { useCpu } from '@heddle/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { tones } from '../test-support/tiny-examples.ts'
import { SoundFrames } from './sound-frames.ts'

const [short, , long] = tones(3).map(({ source }) => source.samples) as [Float32Array, Float32Array, Float32Array]

describe('SoundFrames', () => {
  beforeAll(useCpu)
  const frames = new SoundFrames({ sampleRate: 8000, numMels: 12, framesPerStep: 3 })

  it('gives padded steps with their number, the same for a sound in a batch and alone', () => {
    const { source, lengths } = frames.collate([long, short])
    expect(source.shape).toEqual([2, frames.length(long), 36])
    expect([...lengths.dataSync()]).toEqual([frames.length(long), frames.length(short)])
    expect(frames.length(long)).toBeGreaterThan(frames.length(short))
    const alone = frames.collate([short]).source.dataSync()
    const row = source.dataSync().subarray(source.size / 2)
    expect([...row.subarray(0, alone.length)]).toEqual([...alone])
    expect(row.subarray(alone.length).every((value) => value === 0)).toBe(true)
    expect(frames.steps(short)).toHaveLength(frames.length(short))
  })

  it('does not depend on loudness', () => {
    const rng = new RandomStream(1)
    const sound = short.map((sample) => sample + rng.normal(0, 0.1))
    const [loud, quiet] = [frames.normalized(sound), frames.normalized(sound.map((sample) => 0.5 * sample))]
    for (const [i, value] of loud.entries()) expect(quiet[i]).toBeCloseTo(value, 1)
  })

  it('converts a recording of another sample rate', () => {
    const clip = { name: 'x.wav', samples: long, sampleRate: 16_000 }
    expect(Math.abs(frames.encode(clip).length - long.length / 2)).toBeLessThanOrEqual(1)
  })
})
