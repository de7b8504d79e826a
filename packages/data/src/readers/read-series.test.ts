import { describe, expect, it } from 'vitest'
import { memorySource } from '../sources/data-source.ts'
import { readSeries } from './read-series.ts'

const CSV = 'date,rain,heat,kind\n2012-01-01,0.5,12.8,sun\n2012-01-02,,10.6,rain\n2012-01-03,1,11.7,rain\n'
const read = (text: string, columns: { column?: string; dateColumn?: string } = {}) =>
  readSeries(memorySource('weather.csv', text), { where: 'forecast', ...columns })

describe('readSeries', () => {
  it('takes the first columns of dates and of numbers unless others are named', async () => {
    const times = [1, 2, 3].map((day) => Date.UTC(2012, 0, day))
    const steps = ['2012-01-01', '2012-01-02', '2012-01-03']
    expect(await read(CSV)).toEqual({ examples: [{ values: [12.8, 10.6, 11.7], steps, times }], notes: [] })
  })

  it('numbers the steps of a file without dates', async () => {
    expect((await read('x\n3\n-1e2\n')).examples).toEqual([{ values: [3, -100], steps: ['1', '2'] }])
  })

  it('says what is wrong with a column', async () => {
    await expect(read(CSV, { column: 'heta' })).rejects.toThrow("Did you mean 'heat'?")
    await expect(read(CSV, { column: 'rain' })).rejects.toThrow(
      'expected numbers in column \'rain\' of weather.csv, got "" in row 2',
    )
    await expect(read('a,b\nx,y\n')).rejects.toThrow('expected a column of numbers')
  })

  it('refuses dates that do not ascend', async () => {
    const twice = 'date,x\n2020-01-02,1\n2020-01-01,2\n'
    await expect(read(twice)).rejects.toThrow('got "2020-01-01" after "2020-01-02"')
    await expect(read('date,x\nlater,1\n', { dateColumn: 'date' })).rejects.toThrow('got "later"')
  })
})
