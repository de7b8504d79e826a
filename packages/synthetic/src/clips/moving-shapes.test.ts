import { RandomStream } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import { middle } from '../test-support/middle.ts'
import { movingShapes } from './moving-shapes.ts'

describe('movingShapes', () => {
  it('labels each frame with what the shape did since the one before', () => {
    const clips = movingShapes(50, new RandomStream(3), { frames: 12, size: 14 })
    const changes = new Map<string, number[]>()
    for (const clip of clips) {
      for (let t = 1; t < clip.labels.length; t++) {
        const [before, now] = [middle(clip, t - 1), middle(clip, t)]
        const [dx, dy] = [Math.round(now.x - before.x), Math.round(now.y - before.y)]
        const label = clip.labels[t]!
        const motion = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1], still: [0, 0] }[label]
        if (motion !== undefined) expect([dx + 0, dy + 0], `${label} at ${t}`).toEqual(motion)
        changes.set(label, [...(changes.get(label) ?? []), now.mass - before.mass])
      }
    }
    expect(changes.size).toBe(7)
    // A shape of a few pixels grows by less than the noise in single frames, but not on average.
    const mean = (label: string) =>
      changes.get(label)!.reduce((sum, change) => sum + change, 0) / changes.get(label)!.length
    expect(mean('growing')).toBeGreaterThan(300)
    expect(mean('shrinking')).toBeLessThan(-300)
    expect(Math.abs(mean('still'))).toBeLessThan(50)
  })
})
