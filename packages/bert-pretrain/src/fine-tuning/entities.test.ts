import { describe, expect, it } from 'vitest'
import { type Entity, groupEntities, type ScoredToken, withoutOverlaps } from './entities.ts'

const labels = ['O', 'B-PER', 'I-PER', 'LOC']
const join = (tokens: readonly string[]) => tokens.join(' ').replaceAll(' ##', '')

/** Tokens of 4 letters each with a space between words. */
const tokens = (...rows: [string, number[]][]): ScoredToken[] =>
  rows.map(([token, probabilities], index) => ({
    ...{ token, index, start: index * 5, end: index * 5 + 4, isSubword: token.startsWith('##') },
    probabilities: Float32Array.from(probabilities),
  }))
const text = tokens(
  ['Anna', [0, 0.75, 0.25, 0]],
  ['##li', [0.5, 0, 0.25, 0.25]],
  ['Berg', [0, 0.25, 0.75, 0]],
  ['sees', [1, 0, 0, 0]],
  ['Oslo', [0, 0, 0, 1]],
)
const found = (strategy: 'none' | 'simple' | 'first' | 'average' | 'max') =>
  groupEntities(text, { labels, strategy, join }).map(({ label, score, word }) => `${label} ${word} ${score}`)

describe('groupEntities', () => {
  it('joins nothing, tokens of one kind, or words by one of their tokens', () => {
    expect(found('none')).toEqual(['B-PER Anna 0.75', 'I-PER Berg 0.75', 'LOC Oslo 1'])
    expect(found('simple')).toEqual(['PER Anna 0.75', 'PER Berg 0.75', 'LOC Oslo 1'])
    expect(found('first')).toEqual(['PER Annali Berg 0.75', 'LOC Oslo 1'])
    expect(found('average')).toEqual(['PER Annali Berg 0.5625', 'LOC Oslo 1'])
    expect(found('max')).toEqual(['PER Annali Berg 0.75', 'LOC Oslo 1'])
  })

  it('gives the range in the text, and the place of a token that stands alone', () => {
    const [group] = groupEntities(text, { labels, strategy: 'first', join })
    expect([group!.start, group!.end, group!.index]).toEqual([0, 14, undefined])
    expect(groupEntities(text, { labels, strategy: 'none', join }).map(({ index }) => index)).toEqual([0, 2, 4])
  })

  it('takes the labels that a search over the whole text has found', () => {
    const decode = (rows: readonly Float32Array[]) => rows.map((_, i) => (i === 0 ? 3 : 0))
    expect(groupEntities(text, { labels, strategy: 'first', join, decode })).toEqual([
      { label: 'LOC', score: 0, word: 'Annali', start: 0, end: 9 },
    ])
  })

  it('starts a new group at B-, and leaves out what is to be ignored', () => {
    const twice = tokens(['Anna', [0, 1, 0, 0]], ['Berg', [0, 1, 0, 0]])
    expect(groupEntities(twice, { labels, strategy: 'simple', join })).toHaveLength(2)
    expect(groupEntities(twice, { labels, strategy: 'simple', join, ignore: ['PER'] })).toEqual([])
    expect(groupEntities([], { labels, strategy: 'max', join })).toEqual([])
  })
})

it('of entities that overlap, the longer one stays, then the one with the higher score', () => {
  const entity = (start: number, end: number, score: number): Entity => ({ label: 'PER', word: '', start, end, score })
  const [short, long, other] = [entity(4, 8, 0.9), entity(2, 8, 0.5), entity(10, 12, 0.1)]
  expect(withoutOverlaps([other, short, long])).toEqual([long, other])
  expect(withoutOverlaps([short, entity(4, 8, 0.95)])).toEqual([entity(4, 8, 0.95)])
  expect(withoutOverlaps([])).toEqual([])
})
