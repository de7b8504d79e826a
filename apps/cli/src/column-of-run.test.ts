import { INPUT_NAMES, PAIR_NAMES } from '@heddle/data'
import { describe, expect, it } from 'vitest'
import { columnsOfRun } from './column-of-run.ts'
import { registryWith } from './plugins.ts'

const text = { kind: 'text', read: String } as const
const pair = { kind: 'pair', columns: PAIR_NAMES, read: String } as const
const registry = await registryWith([])
const usual = INPUT_NAMES.map((name) => [name])

const ofData = (data: Record<string, unknown>, name = 'sentiment', reader: typeof text | typeof pair = text) =>
  columnsOfRun({ recipe: { name, data } }, reader, registry).wanted

describe('columnsOfRun', () => {
  it('takes the place of the column in the data of the run', () => {
    expect(ofData({ text: 1, label: 3 })).toEqual({
      names: usual,
      likely: { columns: [1], header: false, width: 3 },
    })
    expect(ofData({ text: 2, label: [3, 4], header: true }).likely).toEqual({ columns: [2], header: true, width: 4 })
  })

  it('puts the names of the run before the usual ones', () => {
    expect(ofData({ text: 'body', label: 'label' })).toEqual({ names: [['body'], ...usual] })
    expect(columnsOfRun({ recipe: null }, text, registry).wanted).toEqual({ names: usual })
  })

  it('finds both columns of pairs', () => {
    const named = ofData({ text: 'a', pair: 'b', label: 'c' }, 'bert-pairs', pair)
    expect(named.names.slice(0, 2)).toEqual([
      ['a', 'b'],
      ['sentence1', 'sentence2'],
    ])
    const numbered = ofData({ text: 6, pair: 7, label: 5 }, 'bert-pairs', pair)
    expect(numbered.likely).toEqual({ columns: [6, 7], header: false, width: 7, isRagged: true })
  })

  it('knows the names and the place of sources, whose targets are predicted', () => {
    expect(ofData({}, 'chatbot').names[0]).toEqual(['Q'])
    expect(ofData({ source: 'en' }, 'translate').names[0]).toEqual(['en'])
    expect(ofData({}, 'translate').likely).toEqual({ columns: [1], header: false, width: 2 })
  })

  it('takes the columns that are given', () => {
    const { wanted, settings } = columnsOfRun({ recipe: { name: 'forecast', data: {} } }, text, registry, ['price'])
    expect([wanted.columns, settings]).toEqual([['price'], { column: 'price' }])
  })
})
