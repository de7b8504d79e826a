import { RandomStream } from '@heddle/core'
import { expect, it } from 'vitest'
import { answeredQuestions } from './answered-questions.ts'

it('answers stand where they are said to, in a sentence about the person who is asked about', () => {
  const all = answeredQuestions(500, new RandomStream(1))
  for (const { question, context, answers } of all) {
    expect(question).toMatch(/^[A-Z][^{}]*\?$/)
    const person = /\b(?!What|Where|When|Near|On|How)[A-Z]\w+/.exec(question)![0]
    for (const { text, start, end } of answers) {
      expect(context.slice(start, end)).toBe(text)
      const from = context.lastIndexOf('. ', start) + 1
      expect(context.slice(from, context.indexOf('.', start))).toContain(person)
    }
  }
  const share = all.filter(({ answers }) => answers.length === 0).length / all.length
  expect(share).toBeGreaterThan(0.12)
  expect(share).toBeLessThan(0.28)
  expect(
    answeredQuestions(50, new RandomStream(1), { unanswerable: 0 }).every(({ answers }) => answers.length === 1),
  ).toBe(true)
})
