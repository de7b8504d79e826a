import { RandomStream } from '@heddle/core'
import { expect, it } from 'vitest'
import { movingScenes } from './moving-scenes.ts'

const size = 16
const scenes = movingScenes(150, new RandomStream(1), { size })

/** Mass and mean color of the bright pixels of a frame, and their middle. */
function seen(pixels: Float32Array, frame: number) {
  const at = { x: 0, y: 0, mass: 0, rgb: [0, 0, 0] }
  for (let place = 0; place < size * size; place++) {
    const rgb = pixels.subarray(3 * (frame * size * size + place), 3 * (frame * size * size + place) + 3)
    if (Math.max(...rgb) < 0.5) continue
    at.mass++
    at.x += place % size
    at.y += Math.floor(place / size)
    for (const c of [0, 1, 2]) at.rgb[c]! += rgb[c]!
  }
  return { x: at.x / at.mass, y: at.y / at.mass, mass: at.mass, rgb: at.rgb.map((value) => value / at.mass) }
}

it('has sentences of one or two events', () => {
  const clause =
    'a (red|green|blue|yellow|white) (circle|square|triangle|cross) (moves (left|right)|rises|falls|grows|shrinks)'
  const sentence = new RegExp(`^${clause}(, then ${clause})?$`)
  for (const { target } of scenes) expect(target).toMatch(sentence)
  expect(scenes.filter(({ target }) => target.includes(', then ')).length).toBeGreaterThan(40)
})

it('draws what a sentence says first', () => {
  for (const { source, target } of scenes) {
    expect(source.pixels.length % (size * size * 3)).toBe(0)
    const [first, later] = [seen(source.pixels, 0), seen(source.pixels, 3)]
    const [, color, , verb] = /^a (\w+) (\w+) ([\w ]+?)(,|$)/.exec(target)!
    if (verb === 'moves left') expect(later.x).toBeLessThan(first.x - 2)
    if (verb === 'moves right') expect(later.x).toBeGreaterThan(first.x + 2)
    if (verb === 'rises') expect(later.y).toBeLessThan(first.y - 2)
    if (verb === 'falls') expect(later.y).toBeGreaterThan(first.y + 2)
    if (verb === 'grows') expect(later.mass).toBeGreaterThan(first.mass)
    if (verb === 'shrinks') expect(later.mass).toBeLessThan(first.mass)
    const [r, g, b] = first.rgb as [number, number, number]
    if (color === 'red') expect(r).toBeGreaterThan(2 * Math.max(g, b))
    if (color === 'blue') expect(b).toBeGreaterThan(1.5 * Math.max(r, g))
    if (color === 'white') expect(Math.min(r, g, b)).toBeGreaterThan(0.6)
  }
})
