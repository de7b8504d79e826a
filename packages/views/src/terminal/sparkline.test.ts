import { expect, it } from 'vitest'
import { sparkline } from './sparkline.ts'

it('draws values as bars on the given scale, and what lies beyond at its ends', () => {
  expect(sparkline([-12, -6, 0, 5, -20], { from: -12, to: 0 })).toBe('▁▅██▁')
  expect(sparkline([1, 1], { from: 1, to: 1 })).toBe('▁▁')
})
