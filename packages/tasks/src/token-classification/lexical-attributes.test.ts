import { describe, expect, it } from 'vitest'
import { attributeIds, attributeSizes, attributesAsset, learnAttributes, withoutForm } from './lexical-attributes.ts'

describe('lexical attributes', () => {
  const attributes = learnAttributes(
    new Map([
      ['walked', 1],
      ['talked', 1],
      ['Walls', 1],
      ['walls', 1],
      ['a', 3],
      ['먹은', 1],
      ['집은', 1],
    ]),
  )

  it('are beginnings, ends, forms and shapes that words share', () => {
    expect(attributes).toEqual([
      ...[['w'], ['wa'], ['wal'], []],
      ...[
        ['d', 's', '은'],
        ['ed', 'ls'],
        ['ked', 'lls'],
        ['alls', 'lked'],
      ],
      ...[
        ['a', 'walls'],
        ['a', 'x'],
      ],
    ])
    expect(attributeSizes(attributes)).toEqual({ numAttributes: 17, perWord: 10 })
  })

  it('have ids of their own by kind, and 0 where they are unknown or the word is shorter', () => {
    const idsOf = attributeIds(attributes)
    expect(idsOf('walls')).toEqual([1, 2, 3, 0, 5, 8, 10, 11, 14, 15])
    expect(idsOf('은')).toEqual([0, 0, 0, 0, 6, 0, 0, 0, 0, 16])
    expect(idsOf('')).toEqual(new Array(10).fill(0))
    expect(withoutForm(idsOf('walls'))).toEqual([1, 2, 3, 0, 5, 8, 10, 11, 0, 15])
    expect(attributeIds([])('walked')).toEqual([])
  })

  it('count characters, not halves of them, and name shapes by kinds of characters', () => {
    const others = learnAttributes(new Map(['x😀', 'y😀', 'U.S.', 'U.K.', 'Ab3', 'Ée47'].map((word) => [word, 1])))
    expect(others[4]).toEqual(['.', '😀'])
    expect(others[9]).toEqual(['A.A.', 'Aa0', 'a😀'])
  })

  it('are refused from a file of another shape', () => {
    expect(() => attributesAsset.fromJSON(['ed'], 'runs/a/attributes.json')).toThrow('runs/a/attributes.json')
  })
})
