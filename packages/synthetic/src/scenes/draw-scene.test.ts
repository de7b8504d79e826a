import { RandomStream } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import { drawScene, NUM_STYLES, SCENE_SIZE } from './draw-scene.ts'

describe('drawScene', () => {
  it('draws what its caption says, in every style', () => {
    const rng = new RandomStream(1)
    for (let i = 0; i < 60; i++) {
      const { source, target } = drawScene(i % NUM_STYLES, rng)
      expect(target).toMatch(/^a (large|small) \w+ \w+( (above|left of) a (large|small) \w+ \w+)?$/)
      const ink = source.pixels.filter((value) => value < 0.98).length / source.pixels.length
      expect(ink).toBeGreaterThan(0.015)
      expect(ink).toBeLessThan(0.75)
      expect(Math.min(...source.pixels)).toBeGreaterThanOrEqual(0)
      expect(Math.max(...source.pixels)).toBeLessThanOrEqual(1 + 1e-6)
    }
  })

  it('puts the first thing on the side that the caption says', () => {
    const rng = new RandomStream(2)
    for (let i = 0; i < 200; i++) {
      const { source, target } = drawScene(0, rng)
      const [, first, relation, second] = /^a \w+ (\w+) \w+ (above|left of) a \w+ (\w+) \w+$/.exec(target) ?? []
      if (first !== 'red' || second !== 'blue') continue
      const middle = (wanted: (r: number, g: number, b: number) => boolean) => {
        const at = { x: 0, y: 0, count: 0 }
        for (let p = 0; p < SCENE_SIZE ** 2; p++) {
          const [r, g, b] = source.pixels.subarray(3 * p, 3 * p + 3)
          if (!wanted(r!, g!, b!)) continue
          at.x += p % SCENE_SIZE
          at.y += Math.floor(p / SCENE_SIZE)
          at.count++
        }
        return { x: at.x / at.count, y: at.y / at.count }
      }
      const red = middle((r, g, b) => r > 0.6 && g < 0.3 && b < 0.3)
      const blue = middle((r, g, b) => r < 0.3 && g < 0.5 && b > 0.6)
      if (relation === 'above') expect(red.y).toBeLessThan(blue.y - 4)
      else expect(red.x).toBeLessThan(blue.x - 4)
    }
  })
})
