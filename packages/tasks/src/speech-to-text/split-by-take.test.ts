import type { SoundClip } from '@heddle/data'
import { expect, it } from 'vitest'
import type { SourceTargetPair } from '../sequence-to-text/sequence-to-text.ts'
import { splitByTake } from './split-by-take.ts'

const clip = (i: number, take?: number): SourceTargetPair<SoundClip> => ({
  source: {
    name: `${i}.wav`,
    samples: new Float32Array(1),
    sampleRate: 8000,
    ...(take !== undefined && { take }),
  },
  target: `${i}`,
})
const sizes = { validation: 2, test: 3 }

it('keeps the first takes for the test, where takes are numbered', () => {
  const clips = Array.from({ length: 30 }, (_, i) => clip(i, Math.floor(i / 3)))
  const { train, validation, test } = splitByTake(clips, sizes, 1, 5)
  expect([train.length, validation.length, test.length]).toEqual([13, 2, 15])
  expect(Math.max(...test.map(({ source }) => source.take!))).toBe(4)
  expect(Math.min(...[...train, ...validation].map(({ source }) => source.take!))).toBe(5)
})

it.each([
  ['without numbers', () => undefined],
  ['with later takes alone', (i: number) => 5 + i],
  ['with early takes alone', () => 2],
])('splits recordings %s at random', (_, takeOf) => {
  const clips = Array.from({ length: 30 }, (__, i) => clip(i, takeOf(i)))
  const parts = splitByTake(clips, sizes, 1, 5)
  expect(parts.test).toHaveLength(3)
  expect(new Set(Object.values(parts).flat()).size).toBe(30)
})
