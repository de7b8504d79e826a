import { describe, expect, it } from 'vitest'
import { affixesAsset, affixIds, affixSizes, learnAffixes } from './word-affixes.ts'

describe('affixes of words', () => {
  const affixes = learnAffixes(['walked', 'talked', 'wall', 'a', '먹은', '집은'])

  it('are beginnings and ends that several words share', () => {
    expect(affixes).toEqual([['w'], ['wa'], ['wal'], ['d', '은'], ['ed'], ['ked']])
    expect(affixSizes(affixes)).toEqual({ numAffixes: 8, perWord: 6 })
  })

  it('have ids of their own by place, and 0 where they are unknown or the word is shorter', () => {
    const idsOf = affixIds(affixes)
    expect(idsOf('walked')).toEqual([1, 2, 3, 4, 6, 7])
    expect(idsOf('은')).toEqual([0, 0, 0, 5, 0, 0])
    expect(idsOf('')).toEqual([0, 0, 0, 0, 0, 0])
    expect(affixIds([])('walked')).toEqual([])
  })

  it('count characters, not halves of them', () => {
    const smiles = learnAffixes(['x😀', 'y😀'])
    expect(smiles[3]).toEqual(['😀'])
  })

  it('are refused from a file of another shape', () => {
    expect(() => affixesAsset.fromJSON(['ed'], 'runs/a/affixes.json')).toThrow('runs/a/affixes.json')
  })
})
