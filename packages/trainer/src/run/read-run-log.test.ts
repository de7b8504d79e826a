import { expect, it } from 'vitest'
import { MemoryStore, readRunLog } from '../index.ts'
import { RunLog } from './run-log.ts'

const step = (n: number, loss: number | null = 1 / n) => ({
  event: 'step',
  step: n,
  epoch: 0,
  loss,
  metrics: {},
  learningRate: 0.1,
  gradientNorm: 1,
  tokensPerSecond: 100,
  elapsedMs: n,
})

it('reads steps and validations; null stands for a number that JSON lacks', async () => {
  const store = new MemoryStore()
  const log = new RunLog(store)
  await log.add(step(1))
  await log.add({ event: 'validation', step: 1, epoch: 0, metrics: { loss: Number.NaN }, best: false, elapsedMs: 9 })
  await log.add(step(2, null))
  await log.add({ event: 'other' })
  await log.flush()
  const { steps, validations, damagedLines } = await readRunLog(store)
  expect(steps.map(({ loss }) => loss)).toEqual([1, Number.NaN])
  expect(validations).toEqual([
    { event: 'validation', step: 1, epoch: 0, metrics: { loss: Number.NaN }, best: false, elapsedMs: 9 },
  ])
  expect(damagedLines).toEqual([])
  expect(await readRunLog(new MemoryStore())).toEqual({ steps: [], validations: [], histograms: [], damagedLines: [] })
})

it('leaves out damaged lines and names them', async () => {
  const store = new MemoryStore()
  const whole = JSON.stringify(step(1))
  const damaged = [whole.slice(0, 20), 'null', '3', '{"event":"step","step":"two"}', '\u0000\u0000', whole.slice(1)]
  await store.append('log.jsonl', [whole, ...damaged, JSON.stringify(step(2))].join('\n'))
  await store.append('log.jsonl', `\n${whole.slice(0, 30)}`)
  const { steps, damagedLines } = await readRunLog(store)
  expect(steps.map((entry) => entry.step)).toEqual([1, 2])
  expect(damagedLines).toEqual([2, 3, 4, 5, 6, 7, 9])
})

it('a log that was damaged is continued on a line of its own', async () => {
  const store = new MemoryStore()
  await store.append('log.jsonl', `${JSON.stringify(step(1))}\n{"event":"st`)
  const log = new RunLog(store)
  await log.cut(1000)
  await log.add(step(2))
  await log.flush()
  const { steps, damagedLines } = await readRunLog(store)
  expect(steps.map((entry) => entry.step)).toEqual([1, 2])
  expect(damagedLines).toEqual([2])
  expect((await store.read('log.jsonl'))!.byteLength).toBe(log.bytes)
})

it('a line that could be written only in part is written whole the next time', async () => {
  const store = new MemoryStore()
  let full = false
  const filling = Object.assign(Object.create(store) as MemoryStore, {
    read: (path: string) => store.read(path),
    write: (path: string, bytes: Uint8Array) => store.write(path, bytes),
    remove: (path: string) => store.remove(path),
    append: async (path: string, text: string) => {
      await store.append(path, full ? text.slice(0, 10) : text)
      if (full) throw new Error('no space')
    },
  })
  const log = new RunLog(filling)
  await log.add(step(1))
  await log.flush()
  full = true
  await log.add(step(2))
  await expect(log.flush()).rejects.toThrow('no space')
  full = false
  await log.add(step(3))
  await log.flush()
  const { steps, damagedLines } = await readRunLog(store)
  expect(steps.map((entry) => entry.step)).toEqual([1, 2, 3])
  expect(damagedLines).toEqual([])
  expect((await store.read('log.jsonl'))!.byteLength).toBe(log.bytes)
})
