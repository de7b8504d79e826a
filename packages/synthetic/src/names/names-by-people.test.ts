import { RandomStream } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import { namesByPeople } from './names-by-people.ts'

describe('namesByPeople', () => {
  it('gives different names of all peoples, the same for the same seed', () => {
    const names = namesByPeople(3000, new RandomStream(2))
    expect(new Set(names.map(({ text }) => text)).size).toBe(3000)
    expect(new Set(names.map(({ label }) => label)).size).toBe(8)
    expect(namesByPeople(3000, new RandomStream(2))).toEqual(names)
  })
})
