import { expect, it } from 'vitest'
import { pronunciationErrors } from './phone-error-rate.ts'

it('takes the nearest pronunciation of a word, and each word once', () => {
  const predictions = ['R IY D', 'R IY D', 'DH AH T']
  const references = ['R EH D', 'R IY D', 'DH AE T']
  expect(pronunciationErrors(predictions, references, ['read', 'read', 'that'])).toEqual({
    phoneErrorRate: 1 / 6,
    wrongWords: 1 / 2,
  })
  expect(pronunciationErrors(predictions, references)).toEqual({ phoneErrorRate: 2 / 9, wrongWords: 2 / 3 })
})

it('counts phones that are missing or too many', () => {
  expect(pronunciationErrors(['K AE T S', ''], ['K AE T', 'AH B']).phoneErrorRate).toBe(3 / 5)
  expect(() => pronunciationErrors(['A'], [' '])).toThrow('got empty ones only')
})
