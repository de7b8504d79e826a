import { RandomStream } from '@heddle/core'
import { spokenDigits } from '@heddle/synthetic'
import { useCpu } from '@heddle/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { SoundFrames } from './sound-frames.ts'

const sounds = spokenDigits(2, new RandomStream(1), { longest: 1 }).map(({ source }) => source.samples)

describe('SoundFrames', () => {
  beforeAll(useCpu)
  const frames = new SoundFrames({ sampleRate: 8000, numMels: 12, framesPerStep: 3 })

  it('gives padded steps with their numbers, the same for a sound in a batch and alone', () => {
    const [short, long] = sounds.toSorted((a, b) => a.length - b.length) as [Float32Array, Float32Array]
    const { source, lengths } = frames.collate([long, short])
    expect(source.shape).toEqual([2, frames.numSteps(long.length), 36])
    expect([...lengths.dataSync()]).toEqual([frames.numSteps(long.length), frames.numSteps(short.length)])
    const alone = frames.collate([short]).source.dataSync()
    const row = source.dataSync().subarray(source.size / 2)
    expect([...row.subarray(0, alone.length)]).toEqual([...alone])
    expect(row.subarray(alone.length).every((value) => value === 0)).toBe(true)
    expect(frames.times(short.length)).toHaveLength(frames.numSteps(short.length))
  })

  it('does not depend on loudness', () => {
    const sound = sounds[0]!
    const [loud, quiet] = [frames.normalized(sound), frames.normalized(sound.map((sample) => 0.5 * sample))]
    for (const [i, value] of loud.entries()) expect(quiet[i]).toBeCloseTo(value, 1)
  })
})
