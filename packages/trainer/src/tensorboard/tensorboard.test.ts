import { disposeParameters } from '@heddle/layers'
import { useCpu } from '@heddle/testing'
import { CrashingStore } from '@heddle/testing/stores'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import { MemoryStore, type RunStore, readRunLog, TensorBoard } from '../index.ts'
import { streamRun } from '../test-support/stream-run.ts'

const STEPS = 8
const run = (store: RunStore, folder: RunStore, steps = STEPS) => {
  const tensorBoard = new TensorBoard(folder)
  const { trainer } = streamRun(store, steps, {}, { recorders: [tensorBoard], logHistograms: true })
  return { tensorBoard, trainer }
}

/** Step and tags of each event of the files, in the order in which TensorBoard reads them; half a record at the end is left out. */
async function events(store: RunStore): Promise<{ step: number; tags: string[]; isStart: boolean }[]> {
  const files = (await store.list('')).filter((path) => path.includes('tfevents')).sort()
  const found = []
  for (const file of files) {
    const bytes = (await store.read(file))!
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (let at = 0; at + 12 <= bytes.length; ) {
      const length = Number(view.getBigUint64(at, true))
      if (at + length + 16 > bytes.length) break
      const event = fields(bytes.subarray(at + 12, at + 12 + length))
      const values = fields((event.get(5)?.[0] as Uint8Array) ?? new Uint8Array()).get(1) ?? []
      const tags = values.map((value) => new TextDecoder().decode(fields(value as Uint8Array).get(1)![0] as Uint8Array))
      found.push({ step: Number(event.get(2)?.[0] ?? 0), tags, isStart: event.has(7) })
      at += length + 16
    }
  }
  return found
}

function fields(message: Uint8Array): Map<number, (number | Uint8Array)[]> {
  const result = new Map<number, (number | Uint8Array)[]>()
  let at = 0
  const varint = () => {
    let [value, factor] = [0, 1]
    for (;;) {
      const byte = message[at++]!
      value += (byte & 0x7f) * factor
      factor *= 128
      if (byte < 128) return value
    }
  }
  while (at < message.length) {
    const tag = varint()
    const size = [0, 8, 0, 0, 0, 4][tag % 8]!
    const value = tag % 8 === 0 ? varint() : undefined
    const length = value === undefined && tag % 8 === 2 ? varint() : size
    const content = value ?? message.subarray(at, (at += length))
    result.set(tag >> 3, [...(result.get(tag >> 3) ?? []), content])
  }
  return result
}

/** What is recorded, without what depends on the number of processes. */
const content = async (store: RunStore) =>
  (await events(store)).filter(({ tags }) => tags.length > 0).map(({ step, tags }) => `${step}: ${tags.join(' ')}`)

beforeAll(useCpu)

it('records what the log has, and histograms at validations', async () => {
  const store = new MemoryStore()
  const { tensorBoard, trainer } = run(store, store)
  tensorBoard.introduce('config', '# settings')
  await trainer.train()
  await tensorBoard.text('samples', 'a → b', STEPS)
  await tensorBoard.flush()
  const found = await events(store)
  expect(found.filter(({ tags }) => tags.includes('training/loss')).map(({ step }) => step)).toEqual(
    Array.from({ length: STEPS }, (_, i) => i + 1),
  )
  expect(found.filter(({ tags }) => tags.includes('validation/loss')).map(({ step }) => step)).toEqual([4, 8])
  const histograms = found.filter(({ tags }) => tags.includes('weights/input.weight'))
  expect(histograms.map(({ step }) => step)).toEqual([4, 8])
  expect(histograms[0]!.tags).toContain('gradients/output.bias')
  expect(found.filter(({ tags }) => tags.includes('config')).map(({ step }) => step)).toEqual([0])
  expect(found.at(-1)).toMatchObject({ step: STEPS, tags: ['samples'] })
  const { histograms: logged } = await readRunLog(store)
  expect(logged.map(({ step }) => step)).toEqual([4, 8])
})

it('a run that crashes at any change of its files has each value once when it goes on', async () => {
  const whole = new MemoryStore()
  const first = run(whole, whole)
  first.tensorBoard.introduce('config', 'x')
  await first.trainer.train()
  const expected = await content(whole)
  let [crashes, cuts] = [0, 0]
  for (let at = 0; ; at += 3) {
    const store = new MemoryStore()
    const failing = new CrashingStore(store, at)
    const crashed = run(failing, failing)
    crashed.tensorBoard.introduce('config', 'x')
    if ((await crashed.trainer.train().catch((error: Error) => error.message)) !== 'crash') break
    crashes++
    const before = (await content(store)).length
    const resumed = run(store, store)
    resumed.tensorBoard.introduce('config', 'x')
    await resumed.trainer.train(AbortSignal.abort())
    if ((await content(store)).length < before) cuts++
    await resumed.trainer.train()
    expect(await content(store), `crash at change ${at}`).toEqual(expected)
    const starts = (await events(store)).filter(({ isStart }) => isStart)
    expect(starts.length).toBeGreaterThan(0)
  }
  expect(crashes).toBeGreaterThan(8)
  expect(cuts).toBeGreaterThan(1)
})

it('a session starts at the step after its checkpoint, in a file that is read after those before', async () => {
  const store = new MemoryStore()
  const controller = new AbortController()
  const { trainer } = streamRun(
    store,
    STEPS,
    { onStep: ({ step }) => step === 5 && controller.abort() },
    { recorders: [new TensorBoard(store)] },
  )
  await trainer.train(controller.signal)
  expect(await TensorBoard.exists(store)).toBe(true)
  await run(store, store).trainer.train()
  const found = await events(store)
  const starts = found.flatMap(({ isStart, step }, i) => (isStart ? [{ i, step }] : []))
  expect(starts.map(({ step }) => step)).toEqual([0, 6])
  expect(found.slice(0, starts[1]!.i).every(({ step }) => step <= 5)).toBe(true)
  expect(found.slice(starts[1]!.i).every(({ step }, i) => i < 1 || step >= 6)).toBe(true)
})

it('changes nothing of the training, and leaves no tensor behind', async () => {
  const losses = async (options: Parameters<typeof streamRun>[3]) => {
    const list: number[] = []
    const { trainer, model } = streamRun(new MemoryStore(), STEPS, { onStep: ({ loss }) => list.push(loss) }, options)
    const before = tf.memory().numTensors
    await trainer.train()
    trainer.dispose()
    disposeParameters(model)
    return { list, left: tf.memory().numTensors - before }
  }
  const plain = await losses({})
  const recorded = await losses({ recorders: [new TensorBoard(new MemoryStore())], logHistograms: true })
  expect(recorded).toEqual(plain)
})

it('goes on after a write that failed in the middle of a record', async () => {
  const store = new MemoryStore()
  const tensorBoard = new TensorBoard(store)
  await tensorBoard.start(undefined, undefined)
  const append = store.append.bind(store)
  store.append = async (path, bytes) => {
    await append(path, bytes.slice(0, bytes.length / 2))
    throw new Error('no space')
  }
  await tensorBoard.text('a', 'x', 1)
  await expect(tensorBoard.flush()).rejects.toThrow('no space')
  store.append = append
  await tensorBoard.text('b', 'y', 2)
  await tensorBoard.flush()
  expect(await content(store)).toEqual(['1: a', '2: b'])
})
