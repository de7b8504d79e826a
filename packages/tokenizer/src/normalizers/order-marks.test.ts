import fc from 'fast-check'
import { expect, it } from 'vitest'
import { orderMarks } from './order-marks.ts'

const marks = fc.constantFrom(
  '\u0301',
  '\u0323',
  '\u0345',
  '\u0334',
  '\u0344',
  '\u05b0',
  '\u0f71',
  '\u093c',
  '\u0903',
  '\u20dd',
  '\u{1d165}',
)

it('orders long runs of marks as the engine does', () => {
  fc.assert(
    fc.property(fc.array(marks, { minLength: 64, maxLength: 200 }), (run) => {
      const text = `a${run.join('')}b`
      expect(orderMarks(text, 'NFD')).toBe(text.normalize('NFD'))
      expect(orderMarks(text, 'NFKD').normalize('NFKC')).toBe(text.normalize('NFKC'))
    }),
  )
})

it('leaves short runs to the engine', () => {
  expect(orderMarks('a\u0301\u0323b', 'NFD')).toBe('a\u0301\u0323b')
})
