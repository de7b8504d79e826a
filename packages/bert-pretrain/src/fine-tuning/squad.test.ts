import { describe, expect, it } from 'vitest'
import { readSquad } from './read-squad.ts'
import { scoreAnswers } from './squad-metrics.ts'

describe('scoreAnswers', () => {
  it('compares words without case, punctuation and articles, with the best of the right answers', () => {
    expect(scoreAnswers(['The Danube!'], [['danube']])).toEqual({ exactMatch: 1, f1: 1 })
    expect(scoreAnswers(['in the old town'], [['old town', 'town hall']])).toEqual({ exactMatch: 0, f1: 0.8 })
    expect(scoreAnswers(['a b', 'x'], [['a b'], ['y']])).toEqual({ exactMatch: 0.5, f1: 0.5 })
    // A word counts as often as both have it.
    expect(scoreAnswers(['far far away'], [['far']]).f1).toBeCloseTo(0.5, 10)
  })

  it('wants no answer where there is none', () => {
    expect(scoreAnswers(['', 'something'], [[], []])).toEqual({ exactMatch: 0.5, f1: 0.5 })
    expect(scoreAnswers([''], [['town']])).toEqual({ exactMatch: 0, f1: 0 })
  })
})

describe('readSquad', () => {
  const file = (answers: object[], more: object = {}) => ({
    data: [
      {
        title: 't',
        paragraphs: [{ context: '🦊 sleeps. 달이 뜬다.', qas: [{ id: 7, question: 'Who?', answers, ...more }] }],
      },
    ],
  })

  it('reads places in code points as places in UTF-16 units', () => {
    const [row] = readSquad(file([{ text: '달이', answer_start: 10 }]))
    expect(row).toMatchObject({ id: '7', question: 'Who?', answers: [{ text: '달이', start: 11, end: 13 }] })
    expect(row!.context.slice(11, 13)).toBe('달이')
  })

  it('reads questions without an answer', () => {
    expect(readSquad(file([], { is_impossible: true }))[0]!.answers).toEqual([])
  })

  it('refuses answers that stand elsewhere, and other files', () => {
    expect(() => readSquad(file([{ text: '달이', answer_start: 0 }]), 'dev.json')).toThrow(
      /dev.json: '7': expected the answer "달이" at character 0 of its context, got "🦊"/,
    )
    expect(() => readSquad({ data: [{}] }, 'dev.json')).toThrow(/dev.json/)
  })
})
