import { RandomStream } from '@heddle/core'
import { batchSizeAt, PooledRows } from '@heddle/data'
import { expect, it } from 'vitest'
import type { CorpusPart } from '../corpus/corpus-part.ts'
import type { MaskingVocabulary } from '../masking/mask-tokens.ts'
import type { InstanceBatch } from './instance-batch.ts'
import { PretrainingBatches } from './pretraining-batches.ts'

const vocabulary: MaskingVocabulary = {
  maskId: 3,
  replacements: [4, 5, 6],
  isSpecial: (id) => id < 4,
  isContinuation: () => false,
}

const messages = { where: 'test', ifEmpty: '. Use another text.' }

/** Part i has the rows 100 i, 100 i + 1, …; each row repeats its number. */
const parts: readonly CorpusPart[] = Array.from({ length: 9 }, (_, i) => ({
  name: `${i}`,
  size: 100,
  documents: async () => Array.from({ length: 7 }, (_, row) => [`${100 * i + row + 10}`]),
}))

function batches(copies: number, { seed = 1, read = [] as string[], isStatic = false, causalShare = 0 } = {}) {
  const rng = new RandomStream(seed)
  const make = async (pool: readonly CorpusPart[]) => {
    read.push(...pool.map(({ name }) => name))
    const documents = (await Promise.all(pool.map((part) => part.documents()))).flat()
    return documents.map(([text]) => ({ ids: new Int32Array(5).fill(Number(text)), firstLength: 3 }))
  }
  const stream = new PooledRows(parts, make, { rng, copies, poolSize: 250, ...messages })
  const sizes = { batchSize: 4, rowsPerEpoch: 20, steps: 100, isStatic, causalShare }
  return new PretrainingBatches(stream, { vocabulary, padId: 0, wholeWord: false, maskRate: 0.2, ...sizes, rng })
}

const rowsOf = ({ ids, labels, places, shape: [B, T] }: InstanceBatch) => {
  const restored = ids.slice()
  for (const [i, place] of places.entries()) restored[place] = labels[i]!
  return Array.from({ length: B }, (_, b) => restored[b * T]!)
}

async function take(source: PretrainingBatches, count: number): Promise<InstanceBatch[]> {
  const taken: InstanceBatch[] = []
  for (let i = 0; i < count; i++) taken.push(...(await source.next()))
  return taken
}

it('reads each row once an epoch, in another order each time', async () => {
  const source = batches(0)
  const rows = (await take(source, 32)).flatMap(rowsOf)
  expect(new Set(rows.slice(0, 63)).size).toBe(63)
  expect(new Set(rows.slice(63, 126)).size).toBe(63)
  expect(rows.slice(63, 126)).not.toEqual(rows.slice(0, 63))
  expect(source.epoch).toBe(2)
})

it('counts the batches of an epoch, from the rows of the text that was read', async () => {
  const source = batches(0)
  expect(source.batchesPerEpoch).toBe(5)
  await source.next()
  // 9 parts of 7 rows each, whatever their bytes.
  expect(source.batchesPerEpoch).toBe(16)
  await take(source, 40)
  expect(source.batchesPerEpoch).toBe(16)
})

it('keeps a few parts in memory: the pool and the one that is made ahead', async () => {
  const read: string[] = []
  await take(batches(0, { read }), 1)
  expect(read).toHaveLength(4)
})

it('goes on exactly from every position', async () => {
  const whole = await take(batches(0), 40)
  for (const position of [0, 1, 3, 7, 15, 16, 31]) {
    const before = batches(0)
    await take(before, position)
    const state = JSON.parse(JSON.stringify(before.state()))
    // Another seed, as all draws come with the state.
    const after = batches(0, { seed: 2 })
    after.restore(state)
    expect(await take(after, 40 - position)).toEqual(whole.slice(position))
  }
})

it('uses the draws of earlier epochs again where so many copies are asked for', async () => {
  const source = batches(1)
  const rows = (await take(source, 63)).flatMap(rowsOf)
  expect(rows.slice(63, 126)).toEqual(rows.slice(0, 63))
})

it('masks a row in the same way each time, or in a new one', async () => {
  const masks = async (isStatic: boolean) => {
    const byRow = new Map<number, Set<string>>()
    for (const batch of await take(batches(2, { isStatic }), 126)) {
      const T = batch.shape[1]
      for (const [b, row] of rowsOf(batch).entries()) {
        const masked = batch.places.filter((place) => Math.floor(place / T) === b).map((place) => place % T)
        byRow.set(row, (byRow.get(row) ?? new Set()).add(`${masked}`))
      }
    }
    return Math.max(...[...byRow.values()].map(({ size }) => size))
  }
  expect(await masks(true)).toBe(2)
  expect(await masks(false)).toBeGreaterThan(4)
})

it('reads a share of the batches from left to right, and goes on exactly', async () => {
  const whole = await take(batches(0, { causalShare: 0.25 }), 400)
  const causal = whole.filter((batch) => batch.causal)
  expect(Math.abs(causal.length / 400 - 0.25)).toBeLessThan(3 * Math.sqrt((0.25 * 0.75) / 400))
  for (const {
    ids,
    lengths,
    places,
    labels,
    shape: [, T],
  } of causal) {
    expect(places.length).toBe(lengths.reduce((sum, length) => sum + length - 1, 0))
    for (const [i, place] of places.entries()) expect(labels[i]).toBe(ids[place + 1])
    for (const [b, length] of lengths.entries()) expect(places.includes(b * T + length - 1)).toBe(false)
  }
  const before = batches(0, { causalShare: 0.25 })
  await take(before, 17)
  const after = batches(0, { seed: 2, causalShare: 0.25 })
  after.restore(before.state())
  expect(await take(after, 20)).toEqual(whole.slice(17, 37))
})

it('refuses the state of another corpus, and damaged ones', () => {
  const source = batches(0)
  const state = source.state() as { stream: object }
  expect(() => source.restore({ ...state, stream: { ...state.stream, numParts: 3 } })).toThrow(
    /expected a state of a corpus in 9 parts, got one in 3/,
  )
  expect(() => source.restore({ ...state, step: -1 })).toThrow(/damaged/)
  expect(() => source.restore(null)).toThrow(/damaged/)
})

it('says when a corpus has no rows', async () => {
  const stream = new PooledRows(parts, async () => [], { rng: new RandomStream(1), ...messages })
  await expect(stream.take(1)).rejects.toThrow(/expected text that rows can be made of, got none/)
})

it('lets a batch grow', () => {
  const at = (step: number) => batchSizeAt(32, { from: 8, share: 0.6 }, step, 100)
  expect([0, 30, 60, 99].map(at)).toEqual([8, 20, 32, 32])
  expect(batchSizeAt(32, undefined, 0, 100)).toBe(32)
})
