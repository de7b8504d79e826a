import { describe, expect, it } from 'vitest'
import { parseDate } from './parse-date.ts'

const midnight = Date.UTC(2022, 0, 5)

describe('parseDate', () => {
  it.each([
    '2022-01-05',
    '2022-1-5',
    '2022/1/5',
    '2022/01/05',
    '2022.01.05',
    ' 2022-01-05 0:00 ',
    '2022-01-05 00:00:00',
    '2022-01-05 00:00:00.000000',
    '2022-01-05T00:00Z',
    '2022-01-05 00:00:00 UTC',
    '2022-01-05 00:00+00',
    '2022-01-05 09:00:00+0900',
    '2022-01-04T19:00-05:00',
  ])('reads %j as the fifth of January in UTC', (text) => {
    expect(parseDate(text)).toBe(midnight)
  })

  it('reads months, times and zones', () => {
    expect(parseDate('2022-03')).toBe(Date.UTC(2022, 2, 1))
    expect(parseDate('2010-01-01 01:30')).toBe(Date.UTC(2010, 0, 1, 1, 30))
    expect(parseDate('2010-01-01T01:00:00+09:00')).toBe(Date.UTC(2009, 11, 31, 16))
    expect(parseDate('2010-01-01 00:00:01.25')).toBe(Date.UTC(2010, 0, 1, 0, 0, 1, 250))
    expect(parseDate('0099-01-01')).toBe(Date.parse('0099-01-01T00:00:00Z'))
    expect(parseDate('2024-02-29')).toBe(Date.UTC(2024, 1, 29))
  })

  it.each([
    '2022',
    '20220105',
    '12.5',
    '',
    'later',
    '2022-13-01',
    '2022-02-30',
    '2023-02-29',
    '2022-01-05 25:00',
    '1/5/2022',
  ])('does not take %j for a date', (text) => {
    expect(parseDate(text)).toBeUndefined()
  })
})
