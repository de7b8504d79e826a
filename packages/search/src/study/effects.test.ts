import { RandomStream } from '@heddle/core'
import { expect, it } from 'vitest'
import { parseSpace } from '../space/space.ts'
import { parameterEffects } from './effects.ts'
import type { Trial } from './trial.ts'

const space = parseSpace('test', {
  idle: { type: 'uniform', low: 0, high: 1 },
  rate: { type: 'log-uniform', low: 1e-4, high: 1 },
  cell: { type: 'choice', values: ['gru', 'lstm'] },
})

it('a parameter that decides explains most of the ranks, one that does not matter next to nothing', () => {
  const rng = new RandomStream(1)
  const trials = Array.from({ length: 100 }, (_, number): Trial => {
    const rate = 10 ** (-4 * rng.uniform())
    const cell = rng.pick(['gru', 'lstm'])
    // Not monotonous; some trials diverge.
    const value = rate > 0.5 ? 1e9 : (Math.log10(rate) + 2) ** 2 + (cell === 'gru' ? 1 : 0)
    return { number, parameters: { idle: rng.uniform(), rate, cell }, state: 'complete', value, reports: [] }
  })
  const [first, second, third] = parameterEffects(trials, space, 'minimize')
  expect([first!.name, second!.name, third!.name]).toEqual(['rate', 'cell', 'idle'])
  expect(first!.share).toBeGreaterThan(0.7)
  expect(second!.share).toBeGreaterThan(0)
  expect(third!.share).toBeLessThan(0.1)
  expect(parameterEffects(trials.slice(0, 5), space, 'minimize')[0]!.share).toBeUndefined()
})
