import { describe, expect, it } from 'vitest'
import { memorySource } from '../data-source.ts'
import { readSeries, timeOfDate } from './read-series.ts'

const CSV = 'date,rain,heat,kind\n2012-01-01,0.5,12.8,sun\n2012-01-02,,10.6,rain\n2012-01-03,1,11.7,rain\n'
const source = (text: string) => memorySource('weather.csv', text)

describe('readSeries', () => {
  it('takes the first columns of dates and of numbers unless others are named', async () => {
    const times = [1, 2, 3].map((day) => Date.UTC(2012, 0, day))
    const steps = ['2012-01-01', '2012-01-02', '2012-01-03']
    expect(await readSeries(source(CSV), {})).toEqual({ values: [12.8, 10.6, 11.7], steps, times })
  })

  it('numbers the steps of a file without dates', async () => {
    expect(await readSeries(source('x\n3\n-1e2\n'), {})).toEqual({ values: [3, -100], steps: ['1', '2'] })
  })

  it('says what is wrong with a column', async () => {
    await expect(readSeries(source(CSV), { column: 'heta' })).rejects.toThrow("Did you mean 'heat'?")
    await expect(readSeries(source(CSV), { column: 'rain' })).rejects.toThrow(
      'expected numbers in column \'rain\' of weather.csv, got "" in row 2',
    )
    await expect(readSeries(source('a,b\nx,y\n'), {})).rejects.toThrow('expected a column of numbers')
  })

  it('refuses dates that do not ascend', async () => {
    const twice = 'date,x\n2020-01-02,1\n2020-01-01,2\n'
    await expect(readSeries(source(twice), {})).rejects.toThrow('got "2020-01-01" after "2020-01-02"')
    await expect(readSeries(source('date,x\nlater,1\n'), { dateColumn: 'date' })).rejects.toThrow('got "later"')
  })
})

describe('timeOfDate', () => {
  it('reads dates without a zone as UTC', () => {
    expect(timeOfDate('2010-01-01T01:00:00')).toBe(Date.UTC(2010, 0, 1, 1))
    expect(timeOfDate('2010/01/01')).toBe(Date.UTC(2010, 0, 1))
    expect(timeOfDate('2010-01-01 01:30')).toBe(Date.UTC(2010, 0, 1, 1, 30))
    expect(timeOfDate('2010-01-01T01:00:00+09:00')).toBe(Date.UTC(2009, 11, 31, 16))
  })
})
