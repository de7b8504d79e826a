import { expect, it } from 'vitest'
import { capitalized } from './capitalized.ts'

it('starts a text with a capital and leaves the rest', () => {
  expect(capitalized('été à Oslo')).toBe('Été à Oslo')
  expect(capitalized('')).toBe('')
})
