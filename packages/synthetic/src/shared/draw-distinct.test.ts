import { RandomStream } from '@heddle/core'
import { expect, it } from 'vitest'
import { drawDistinct } from './draw-distinct.ts'

const draw = (count: number, rng = new RandomStream(1)) =>
  drawDistinct(
    'letters',
    count,
    (found) => ({ key: `${rng.integer(30)}`, found }),
    ({ key }) => key,
  )

it('keeps the first example of each key and tells the generator how many there are', () => {
  const examples = draw(30)
  expect(new Set(examples.map(({ key }) => key)).size).toBe(30)
  expect(examples.map(({ found }) => found)).toEqual(Array.from({ length: 30 }, (_, i) => i))
  expect(draw(12)).toEqual(examples.slice(0, 12))
  expect(draw(0)).toEqual([])
})

it('reports that the generator is exhausted', () => {
  expect(() => draw(31)).toThrow('letters: expected a count that the generator can reach (about 30), got 31. Lower it.')
})

it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses the count %s', (count) => {
  expect(() => draw(count)).toThrow('letters: expected a count that is an integer of at least 0')
})
