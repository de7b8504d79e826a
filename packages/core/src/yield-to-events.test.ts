import { afterEach, describe, expect, it, vi } from 'vitest'
import { yieldToEvents } from './index.ts'

afterEach(() => vi.unstubAllGlobals())

describe('yieldToEvents', () => {
  it.each([
    ['as in Node', () => undefined],
    ['without setImmediate, as in a browser', () => vi.stubGlobal('setImmediate', undefined)],
  ])('lets what is waiting be handled first, %s', async (_, prepare) => {
    prepare()
    const order: string[] = []
    const timer = new Promise<void>((resolve) => setTimeout(() => resolve(void order.push('timer')), 0))
    const until = performance.now() + 5
    while (performance.now() < until);
    await Promise.resolve()
    order.push('before')
    await yieldToEvents()
    await yieldToEvents()
    order.push('after')
    await timer
    expect(order).toEqual(['before', 'timer', 'after'])
  })
})
