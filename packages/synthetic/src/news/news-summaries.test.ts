import { RandomStream } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import { newsSummaries } from './news-summaries.ts'
import { NUMBERS } from './news-words.ts'

describe('newsSummaries', () => {
  const news = newsSummaries(4000, new RandomStream(1))

  it('names the winner of a match by its last score', () => {
    const matches = news.filter(({ source }) => source.includes('At half-time'))
    expect(matches.length).toBeGreaterThan(500)
    for (const { source, target } of matches) {
      const [, home, guests] = /(\w+ \w+) played (\w+ \w+) in/.exec(source)!
      const [, first, second] = /In the end it was (\w+) to (\w+)\./.exec(source)!
      const difference = NUMBERS.indexOf(first!) - NUMBERS.indexOf(second!)
      if (difference > 0) expect(target).toMatch(new RegExp(`^${home} beat ${guests} ${first} to ${second} in`))
      else if (difference < 0) expect(target).toMatch(new RegExp(`^${guests} beat ${home} ${second} to ${first} in`))
      else expect(target).toMatch(new RegExp(`^${home} and ${guests} drew ${first} to ${second} in`))
    }
  })

  it('gives documents of several sentences, summaries of one, and each document once', () => {
    for (const { source, target } of news) {
      expect(source.match(/\./g)!.length).toBeGreaterThan(3)
      expect(target.match(/\./g)).toHaveLength(1)
    }
    expect(new Set(news.map(({ source }) => source)).size).toBe(4000)
  })
})
