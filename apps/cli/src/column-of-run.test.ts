import { INPUT_NAMES } from '@heddle/data'
import { describe, expect, it } from 'vitest'
import { columnOfRun } from './column-of-run.ts'

const ofData = (data: Record<string, unknown>) => columnOfRun({ recipe: { name: 'sentiment', data } })

describe('columnOfRun', () => {
  it('takes the place of the column in the data of the run', () => {
    expect(ofData({ text: 1, label: 3 })).toEqual({
      names: INPUT_NAMES,
      likely: { column: 1, header: false, width: 3 },
    })
    expect(ofData({ text: 2, label: [3, 4], header: true }).likely).toEqual({ column: 2, header: true, width: 4 })
  })

  it('puts the names of the run before the usual ones', () => {
    expect(ofData({ text: 'body', label: 'label' })).toEqual({ names: ['body', ...INPUT_NAMES] })
    expect(columnOfRun({ recipe: null })).toEqual({ names: INPUT_NAMES })
  })
})
