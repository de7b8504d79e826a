import { RandomStream } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import { stories } from './stories.ts'

const text = stories(50_000, new RandomStream(1))

describe('stories', () => {
  it('writes at least as much as asked for, the same for the same seed', () => {
    expect(text.length).toBeGreaterThanOrEqual(50_000)
    expect(text.length).toBeLessThan(51_500)
    expect(stories(50_000, new RandomStream(1))).toBe(text)
    expect(stories(50_000, new RandomStream(2))).not.toBe(text)
  })

  it('closes every quotation that it opens, within its line', () => {
    for (const line of text.split('\n')) expect(line.split('"').length % 2, line).toBe(1)
    expect(text).toContain('"')
  })

  it('ends every sentence and never puts two marks together', () => {
    for (const line of text.split('\n').filter((each) => each !== '' && each !== each.toUpperCase())) {
      expect(line, line).toMatch(/[.?]$/)
    }
    expect(text).not.toMatch(/[.,?!]{2}| [.,?]|undefined/)
  })

  it('tells many different stories', () => {
    const told = text.split(/\n\n(?=[A-Z ]+\n\n)/)
    expect(told.length).toBeGreaterThan(50)
    expect(new Set(told).size).toBe(told.length)
  })
})
