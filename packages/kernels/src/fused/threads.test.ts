import { describe, expect, it } from 'vitest'
import { runProgram } from '../testing/run-program.ts'

describe('fused operations', () => {
  it.each([true, false])('give the same results, bit for bit, on 1, 2 and 5 threads; exact: %j', async (exact) => {
    const [one, two, five] = await Promise.all(
      [1, 2, 5].map((threads) =>
        // Which tile is the fastest is measured at each start, and sums do not depend on it; the compiler's flag is fixed here.
        runProgram('op-digest', JSON.stringify({ threads, exact, revectorize: 'off' })),
      ),
    )
    expect([one, two, five].map((run) => run!.description.threads)).toEqual([1, 2, 5])
    expect(one!.lines.length).toBe(42)
    expect(two!.lines).toEqual(one!.lines)
    expect(five!.lines).toEqual(one!.lines)
  })
})
