import { RandomStream } from '@heddle/core'
import type { TextPart } from '@heddle/data'
import { describe, expect, it } from 'vitest'
import type { TextWindow } from './next-token.ts'
import { PartStreams, randomPartWindows } from './part-windows.ts'
import type { TextExample } from './text-example.ts'

/** Character n of the text is n; parts have different lengths. */
const lengths = [40, 7, 31, 0, 25, 60, 12, 33]
const total = lengths.reduce((sum, length) => sum + length, 0)
function parts(read: number[] = []): TextExample[] {
  let at = 0
  return lengths.map((length, i): TextPart => {
    const text = Array.from({ length }, (_, n) => String.fromCharCode(at + n)).join('')
    at += length
    return {
      name: `${i}`,
      size: length,
      async text() {
        read.push(i)
        return text
      },
    }
  })
}
const encode = async (texts: readonly string[]) => Int32Array.from(texts.join(''), (letter) => letter.charCodeAt(0))
const options = { encode, batchSize: 2, windowLength: 5, steps: 100, accumulate: 1, where: 'test', poolSize: 70 }
const rowsOf = ({ inputs, targets, shape: [B, T] }: TextWindow) =>
  Array.from({ length: B }, (_, b) => [...inputs.slice(b * T, (b + 1) * T), targets[(b + 1) * T - 1]!])

interface Source {
  next(): Promise<readonly unknown[]> | readonly unknown[]
  readonly epoch: number
  state(): unknown
  restore(state: unknown): void
}
async function take(source: Source, count: number): Promise<TextWindow[]> {
  const taken: TextWindow[] = []
  for (let i = 0; i < count; i++) taken.push(...((await source.next()) as TextWindow[]))
  return taken
}
const sources: Record<string, (seed?: number) => Source> = {
  random: (seed = 1) => randomPartWindows(parts(), new RandomStream(seed), options),
  stream: () => new PartStreams(parts(), options),
}

it.each(Object.keys(sources))('windows (%s) go on exactly from every position', async (kind) => {
  const whole = await take(sources[kind]!(), 60)
  for (const position of [0, 1, 2, 9, 20, 37]) {
    const before = sources[kind]!()
    await take(before, position)
    const after = sources[kind]!(2)
    after.restore(JSON.parse(JSON.stringify(before.state())))
    expect(await take(after, 60 - position)).toEqual(whole.slice(position))
  }
})

it.each(Object.keys(sources))('windows (%s) refuse a damaged state, and that of another text', async (kind) => {
  const source = sources[kind]!()
  expect(() => source.restore(null)).toThrow(/^test: expected a state .* damaged/)
  const state = JSON.parse(JSON.stringify(source.state()).replace(`"numParts":${lengths.length}`, '"numParts":99'))
  expect(() => source.restore(state)).toThrow(/Resume with the data that the run began with/)
})

describe('windows from random places', () => {
  it('are consecutive ids of a pool, each once an epoch, in another order each time', async () => {
    const source = sources['random']!()
    const starts: number[] = []
    while (source.epoch === 0) {
      for (const row of (await take(source, 1)).flatMap(rowsOf)) starts.push(row[0]!)
    }
    expect(new Set(starts.slice(0, -2)).size).toBe(starts.length - 2)
    expect(starts.length).toBeGreaterThan(total / 5 - 15)
    expect(starts).not.toEqual([...starts].sort((a, b) => a - b))
  })

  it('keep a pool and the one after it in memory', async () => {
    const read: number[] = []
    await take(randomPartWindows(parts(read), new RandomStream(1), options), 1)
    expect(read.length).toBeLessThan(lengths.length)
  })

  it('grow with the batch ramp', async () => {
    const ramp = { ...options, batchSize: 8, batchRamp: { from: 2, share: 0.5 }, steps: 8 }
    const windows = await take(randomPartWindows(parts(), new RandomStream(1), ramp), 6)
    expect(windows.map(({ shape }) => shape[0])).toEqual([2, 4, 5, 7, 8, 8])
  })
})

describe('windows of streams', () => {
  it('read each stretch from its start to its end, across the borders of parts', async () => {
    const source = sources['stream']!()
    const read: number[][] = [[], []]
    let first = true
    while (source.epoch === 0) {
      const [window] = await take(source, 1)
      if (source.epoch > 0) break
      expect(window!.startsStream).toBe(first)
      first = false
      for (const [b, row] of rowsOf(window!).entries()) read[b]!.push(...row.slice(0, -1))
    }
    const border = 40 + 7 + 31
    expect(read[0]).toEqual(Array.from({ length: border - 1 }, (_, n) => n))
    expect(read[1]).toEqual(Array.from({ length: border - 1 }, (_, n) => border + n))
  })

  it('ask for a stretch each', () => {
    expect(() => new PartStreams(parts(), { ...options, batchSize: 9 })).toThrow(/expected at most 8 streams/)
  })
})
