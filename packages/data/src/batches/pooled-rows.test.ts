import { RandomStream } from '@heddle/core'
import { expect, it } from 'vitest'
import { PooledRows } from './pooled-rows.ts'

interface Row {
  readonly length: number
}

const rng = new RandomStream(5)
const lengths = Array.from({ length: 640 }, () => 1 + rng.integer(60))

function stream(seed: number): PooledRows<{ readonly size: number }, Row> {
  const make = async () => lengths.map((length) => ({ length }))
  const alike = { size: ({ length }: Row) => length, count: 16 }
  return new PooledRows([{ size: 1 }], make, { rng: new RandomStream(seed), alike, where: 'test', ifEmpty: '' })
}

const spread = (rows: readonly Row[]) =>
  Math.max(...rows.map(({ length }) => length)) - Math.min(...rows.map(({ length }) => length))

it('puts rows of like size together, groups in random order, each row once', async () => {
  const rows = stream(1)
  const taken: Row[] = []
  for (let i = 0; i < 40; i++) {
    const group = await rows.take(16)
    expect(spread(group)).toBeLessThan(8)
    taken.push(...group)
  }
  const sorted = (some: readonly number[]) => some.toSorted((a, b) => a - b)
  expect(sorted(taken.map(({ length }) => length))).toEqual(sorted(lengths))
  expect(spread(taken.slice(0, 160))).toBeGreaterThan(30)
})

it('goes on exactly with groups', async () => {
  const whole = stream(1)
  await whole.take(40)
  const after = stream(2)
  after.restore(JSON.parse(JSON.stringify(whole.state())))
  expect(await after.take(900)).toEqual(await whole.take(900))
})
