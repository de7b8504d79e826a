import { expect, it } from 'vitest'
import { phoneErrorRate } from './phone-error-rate.ts'

it('takes the nearest pronunciation of a word, and each word once', () => {
  const predictions = ['R IY D', 'R IY D', 'DH AH T']
  const references = ['R EH D', 'R IY D', 'DH AE T']
  expect(phoneErrorRate(predictions, references, ['read', 'read', 'that'])).toBe(1 / 6)
  expect(phoneErrorRate(predictions, references)).toBe(2 / 9)
})

it('counts phones that are missing or too many', () => {
  expect(phoneErrorRate(['K AE T S', ''], ['K AE T', 'AH B'])).toBe(3 / 5)
  expect(() => phoneErrorRate(['A'], [' '])).toThrow('got empty ones only')
})
