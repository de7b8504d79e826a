import { RandomStream } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import { dialoguePairs } from './dialogue-pairs.ts'

describe('dialoguePairs', () => {
  const pairs = dialoguePairs(6000, new RandomStream(1))

  it('gives one reply to a line, the same for the same seed', () => {
    expect(new Set(pairs.map(({ source }) => source)).size).toBe(6000)
    expect(dialoguePairs(6000, new RandomStream(1))).toEqual(pairs)
    const other = new Map(dialoguePairs(6000, new RandomStream(2)).map(({ source, target }) => [source, target]))
    const both = pairs.filter(({ source }) => other.has(source))
    expect(both.length).toBeGreaterThan(500)
    for (const { source, target } of both) expect(other.get(source)).toBe(target)
  })

  it('turns "my" to "your" and returns greetings', () => {
    for (const { source, target } of pairs) {
      expect(target).not.toMatch(/\b(my|me|myself)\b/i)
      const greeting = /^(Hello|Hi there|Good morning|Good evening)\./.exec(source)?.[1]
      if (greeting !== undefined) expect(target).toMatch(new RegExp(`^${greeting.replace(' there', '')}!`))
      else expect(target).not.toMatch(/^\w+( \w+)?!/)
    }
  })
})
