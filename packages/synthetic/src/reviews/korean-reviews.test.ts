import { RandomStream } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import { koreanReviews } from './korean-reviews.ts'

describe('koreanReviews', () => {
  const reviews = koreanReviews(2000, new RandomStream(5))

  it('writes different reviews, half of them positive, the same for the same seed', () => {
    expect(new Set(reviews.map(({ text }) => text)).size).toBe(2000)
    expect(reviews.filter(({ label }) => label === 'positive')).toHaveLength(1000)
    expect(koreanReviews(2000, new RandomStream(5))).toEqual(reviews)
    expect(koreanReviews(2000, new RandomStream(6))).not.toEqual(reviews)
  })

  it('lets the clause after a contrast decide', () => {
    const praised = /(지만|는데) (\S+ )*\S+[이가] (\S+ )?(좋았|훌륭했|완벽했)(다|어요|네요|습니다|음)[.!~ㅎ ]*$/
    const contrasts = reviews.filter(({ text }) => praised.test(text))
    expect(contrasts.length).toBeGreaterThan(10)
    expect(new Set(contrasts.map(({ label }) => label))).toEqual(new Set(['positive']))
  })
})
