import { RandomStream } from '@heddle/core'
import { expect, it } from 'vitest'
import { uniformNumbers } from './uniform-numbers.ts'

it('draws the numbers of a stream with seed 0', () => {
  const numbers = uniformNumbers()
  const stream = new RandomStream(0)
  for (let i = 0; i < 9; i++) expect(numbers.uniform()).toBe(stream.uniform())
})
