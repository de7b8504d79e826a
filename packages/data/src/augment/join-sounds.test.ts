import { expect, it } from 'vitest'
import { joinSounds } from './join-sounds.ts'

it('joins sounds in their order', () => {
  expect([...joinSounds([Float32Array.of(0, 1), new Float32Array(0), Float32Array.of(5)])]).toEqual([0, 1, 5])
})
