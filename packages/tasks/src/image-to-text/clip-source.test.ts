import * as tf from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { colorClips } from '../test-support/tiny-examples.ts'
import { ClipSource } from './clip-source.ts'

const source = new ClipSource({ height: 4, width: 4, mean: 0.5, deviation: 2 })
const clips = colorClips(4).map((pair) => pair.source)

it('pads clips to the longest, and names their frames', () => {
  const encoded = clips.map((clip) => source.encode(clip))
  const { source: x, lengths } = source.collate(encoded)
  expect(x.shape).toEqual([4, 5, 48])
  expect([...lengths!.dataSync()]).toEqual([2, 3, 4, 5])
  const values = x.dataSync()
  expect(values[0]).toBeCloseTo((clips[0]!.pixels[0]! - 0.5) / 2, 6)
  expect([...values.subarray(2 * 48, 5 * 48)].every((value) => value === 0)).toBe(true)
  expect(source.steps(encoded[1]!)).toEqual(['1', '2', '3'])
  tf.dispose([x, lengths!])
})

it('shows the frames in rows, each in one region', () => {
  const shown = source.shown(clips[3]!)
  expect([shown.rows, shown.columns, shown.width, shown.height]).toEqual([2, 3, 12, 8])
  expect(shown.pixels).toHaveLength(12 * 8 * 3)
  const frame = (t: number, x: number, y: number) => clips[3]!.pixels.subarray(48 * t + 3 * (4 * y + x))
  for (const [t, x, y, at] of [
    [0, 1, 2, 2 * 12 + 1],
    [2, 3, 0, 11],
    [4, 2, 1, 5 * 12 + 6],
  ] as const) {
    const expected = [...frame(t, x, y).subarray(0, 3)].map((value) => Math.round(255 * value))
    expect(shown.pixels.slice(3 * at, 3 * at + 3), `frame ${t}`).toEqual(expected)
  }
  // Five frames leave the last region black.
  expect(shown.pixels.slice(3 * (4 * 12 + 8), 3 * (4 * 12 + 12)).every((value) => value === 0)).toBe(true)
})

it('refuses frames of another size', () => {
  expect(() => source.encode({ ...clips[0]!, width: 2 })).toThrow('clip 0: expected a clip with frames of 4x4')
})
