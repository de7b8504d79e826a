import { RandomStream } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import { middle } from '../test-support/middle.ts'
import { shapeMotions } from './shape-motions.ts'

describe('shapeMotions', () => {
  const clips = shapeMotions(120, new RandomStream(1))

  it('draws what the label says, in clips of several lengths', () => {
    const lengths = new Set<number>()
    for (const clip of clips) {
      const frames = clip.pixels.length / (clip.width * clip.height)
      lengths.add(frames)
      const [first, last] = [middle(clip, 0), middle(clip, frames - 1)]
      const [label] = clip.labels
      if (label === 'left') expect(last.x).toBeLessThan(first.x - 4)
      if (label === 'right') expect(last.x).toBeGreaterThan(first.x + 4)
      if (label === 'up') expect(last.y).toBeLessThan(first.y - 4)
      if (label === 'down') expect(last.y).toBeGreaterThan(first.y + 4)
      if (label === 'growing') expect(last.mass).toBeGreaterThan(1.5 * first.mass)
      if (label === 'shrinking') expect(first.mass).toBeGreaterThan(1.5 * last.mass)
    }
    expect([...lengths].sort((a, b) => a - b)).toEqual([8, 9, 10, 11, 12, 13, 14])
    expect(new Set(clips.flatMap(({ labels }) => labels)).size).toBe(8)
  })

  it('turns clockwise and the other way round', () => {
    for (const clip of clips) {
      const [label] = clip.labels
      if (label !== 'clockwise' && label !== 'counterclockwise') continue
      const [a, b, c] = [middle(clip, 0), middle(clip, 1), middle(clip, 2)]
      // On a screen, where y points downwards, the cross product of steps of a clockwise turn is positive.
      const turn = (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x)
      expect(Math.sign(turn), label).toBe(label === 'clockwise' ? 1 : -1)
    }
  })
})
