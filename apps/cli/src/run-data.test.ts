import { describe, expect, it } from 'vitest'
import { dataOfRun, partSizes } from './run-data.ts'

describe('partSizes', () => {
  it('takes a number for the size of a part: none, a count or a share', () => {
    const options = { data: ['a.tsv'], validation: ['0.2'], test: ['0'], set: ['steps=3'] }
    expect(partSizes(options)).toEqual({
      data: ['a.tsv'],
      validation: [],
      test: [],
      set: ['steps=3', 'data.validation=0.2', 'data.test=0'],
    })
    expect(partSizes({ data: [], test: ['500'], set: [] })).toEqual({ data: [], test: [], set: ['data.test=500'] })
  })

  it('leaves files as they are, one whose name is a number too', () => {
    const options = { data: ['a'], validation: ['dev.tsv', '2.tsv'], test: ['./0'], set: [] }
    expect(partSizes(options)).toEqual(options)
  })

  it('refuses a size beside files', () => {
    const options = { data: ['a'], test: ['0', 'test.tsv'], set: [] }
    expect(() => partSizes(options)).toThrow('--test: expected files, or one number of examples, got 0, test.tsv.')
  })
})

describe('dataOfRun', () => {
  it('refuses the size of a part, as a run keeps its own', async () => {
    const own = dataOfRun({ data: [], test: ['0'] }, { data: null }, 'runs/a')
    await expect(own).rejects.toThrow('--test: expected a file, got the number 0: runs/a keeps the sizes of its parts.')
  })
})
