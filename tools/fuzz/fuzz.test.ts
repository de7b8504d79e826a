import { HeddleError } from '@heddle/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fuzz, readOrRefused } from './fuzz.ts'

describe('fuzz', () => {
  const options = { seconds: 1, seed: 1 }

  it('counts the inputs', async () => {
    const check = async (input: number) => void (await readOrRefused(() => input))
    expect(await fuzz({ name: 'x', inputs: fc.nat(), check }, options)).toBeGreaterThan(100)
  })

  it.each([
    ['a plain error', () => new RangeError('out of range')],
    ['an error about something else', () => new HeddleError('backend', 'x: expected a, got b. Do c.')],
    ['an error that does not say what was there', () => new HeddleError('format', 'x: this is wrong.')],
    ['an endless message', () => new HeddleError('format', `x: expected a, got ${'b'.repeat(6000)}.`)],
  ])('finds %s', async (_, error) => {
    const check = (input: number) =>
      readOrRefused(() => {
        if (input > 1000) throw error()
      })
    await expect(fuzz({ name: 'x', inputs: fc.nat(), check }, options)).rejects.toThrow(/Counterexample: \[1001\]/)
  })

  it('takes a clear refusal for right', async () => {
    const check = (input: number) =>
      readOrRefused(() => {
        throw new HeddleError('format', `x: expected a, got ${input}. Do c.`)
      })
    await fuzz({ name: 'x', inputs: fc.nat(), check }, options)
  })
})
