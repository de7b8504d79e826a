import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { RandomStream } from '@heddle/core'
import { loadStateDict, stateDict } from '@heddle/layers'
import { useCpu } from '@heddle/testing'
import { CrashingStore, runFiles } from '@heddle/testing/stores'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { constant, MemoryStore, type RunStore, type StepEvent } from './index.ts'
import { FolderStore } from './node.ts'
import { streamRun } from './test-support/stream-run.ts'

const STEPS = 8

const lines = async (store: RunStore) =>
  new TextDecoder()
    .decode(await store.read('log.jsonl'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { event: string; step: number })

let expected: Record<string, string>

beforeAll(async () => {
  await useCpu()
  const store = new MemoryStore()
  await streamRun(store, STEPS).trainer.train()
  expected = await runFiles(store)
})

it('a run saves what its last state is made of, and a line for each step and validation', async () => {
  expect(Object.keys(expected)).toEqual([
    'trainer/average-8.safetensors',
    expect.stringMatching(/^trainer\/best-\d+\.safetensors$/),
    'trainer/objective-8.safetensors',
    'trainer/optimizer-8.safetensors',
    'trainer/state.json',
    'trainer/weights-8.safetensors',
    'log.jsonl',
    'model.safetensors',
  ])
  const log = expected['log.jsonl']!.trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(log.filter(({ event }) => event === 'step').map(({ step }) => step)).toEqual(
    Array.from({ length: STEPS }, (_, i) => i + 1),
  )
  expect(log.filter(({ event }) => event === 'validation').map(({ step }) => step)).toEqual([4, 8])
  expect(log[3]).toEqual({
    event: 'step',
    step: 4,
    epoch: 0,
    loss: expect.any(Number),
    metrics: {},
    learningRate: expect.any(Number),
    gradientNorm: expect.any(Number),
    tokensPerSecond: 0,
    elapsedMs: 0,
  })
  expect(log[4]).toEqual({
    event: 'validation',
    step: 4,
    epoch: 0,
    metrics: { loss: expect.any(Number) },
    best: true,
    elapsedMs: 0,
  })
})

it('a run that crashes at any change to its files goes on to the same files, bit for bit', async () => {
  let crashes = 0
  for (let at = 0; ; at++) {
    const store = new MemoryStore()
    const failing = new CrashingStore(store, at)
    const outcome = await streamRun(failing, STEPS)
      .trainer.train()
      .catch((error: Error) => error.message)
    if (outcome !== 'crash') break
    crashes++
    await streamRun(store, STEPS).trainer.train()
    expect(await runFiles(store), `crash at change ${at}`).toEqual(expected)
  }
  // Each of the files is written, replaced and removed at some point.
  expect(crashes).toBeGreaterThan(25)
}, 60_000)

it('validation changes neither the state that an objective carries nor any random stream', async () => {
  const losses = async (evaluateEvery: number) => {
    const list: number[] = []
    const events = { onStep: ({ loss }: StepEvent) => list.push(loss) }
    await streamRun(new MemoryStore(), 6, events, { evaluateEvery, schedule: constant(0.01) }).trainer.train()
    return list
  }
  expect(await losses(1)).toEqual(await losses(6))
})

it('a run that ends early by its signal goes on to the same files', async () => {
  const store = new MemoryStore()
  for (const stopAt of [4, 5, 7]) {
    const controller = new AbortController()
    const { trainer } = streamRun(store, STEPS, { onStep: ({ step }) => step === stopAt && controller.abort() })
    expect(await trainer.train(controller.signal)).toMatchObject({ steps: stopAt, reason: 'aborted' })
  }
  await streamRun(store, STEPS).trainer.train()
  expect(await runFiles(store)).toEqual(expected)
})

it('a run that is stopped within a validation validates when it goes on, to the same files', async () => {
  for (const stopAt of [4, STEPS]) {
    const store = new MemoryStore()
    const controller = new AbortController()
    const { trainer, objective } = streamRun(store, STEPS)
    const loss = objective.loss.bind(objective)
    let batches = 0
    objective.loss = (batch, context) => {
      if (context?.training === false && context.step === stopAt && ++batches === 2) controller.abort()
      return loss(batch)
    }
    expect(await trainer.train(controller.signal)).toMatchObject({ steps: stopAt, reason: 'aborted' })
    expect(batches).toBe(2)
    expect((await lines(store)).filter(({ event, step }) => event === 'validation' && step === stopAt)).toEqual([])
    await streamRun(store, STEPS).trainer.train()
    expect(await runFiles(store), `stopped at ${stopAt}`).toEqual(expected)
  }
})

it('keeps the weights of the best validations, those of a resumed run too', async () => {
  const store = new MemoryStore()
  const controller = new AbortController()
  const options = { evaluateEvery: 1, keepBest: 3 }
  const { trainer } = streamRun(store, 8, { onStep: ({ step }) => step === 5 && controller.abort() }, options)
  await trainer.train(controller.signal)
  await streamRun(store, 8, {}, options).trainer.train()
  const content = new TextDecoder()
    .decode(await store.read('log.jsonl'))
    .trim()
    .split('\n')
  const validations = content.map((line) => JSON.parse(line)).filter(({ event }) => event === 'validation')
  const ranked = validations.toSorted((a, b) => a.metrics.loss - b.metrics.loss).slice(0, 3)
  const files = (await store.list('trainer')).filter((path) => path.includes('best'))
  expect(files.sort()).toEqual(ranked.map(({ step }) => `trainer/best-${step}.safetensors`).sort())
  const state = JSON.parse(new TextDecoder().decode(await store.read('trainer/state.json'))).state
  expect(state.best.map(({ step }: { step: number }) => step)).toEqual(ranked.map(({ step }) => step))
  const { readSafetensors } = await import('@heddle/core')
  const weightsIn = async (path: string) => readSafetensors((await store.read(path))!).tensors
  expect(await weightsIn(`trainer/best-${ranked[0].step}.safetensors`)).toEqual(await weightsIn('model.safetensors'))
})

it('a finished run is not trained again, and goes on when more steps are asked for', async () => {
  const store = new MemoryStore()
  const first = streamRun(store, STEPS)
  const result = await first.trainer.train()
  const before = await runFiles(store)
  const again = streamRun(store, STEPS, { onStep: () => expect.unreachable() })
  expect(await again.trainer.train()).toMatchObject({ steps: STEPS, reason: 'finished', best: result.best })
  expect(await runFiles(store)).toEqual(before)
  expect(await stateDict(again.model)).toEqual(await stateDict(first.model))

  await streamRun(store, STEPS + 4).trainer.train()
  const whole = new MemoryStore()
  await streamRun(whole, STEPS + 4).trainer.train()
  const [extended, straight] = [await runFiles(store), await runFiles(whole)]
  // The first run validated and saved its last step, as the longer one does.
  expect(extended).toEqual(straight)
})

it('the final weights load into a new model', async () => {
  const store = new MemoryStore()
  const { model, trainer } = streamRun(store, STEPS)
  await trainer.train()
  const { readSafetensors } = await import('@heddle/core')
  const file = readSafetensors((await store.read('model.safetensors'))!)
  expect(file.metadata).toEqual({ format: 'pt' })
  const other = streamRun(new MemoryStore(), 1).model
  loadStateDict(other, file.tensors)
  expect(await stateDict(other)).toEqual(await stateDict(model))
})

describe('a process that is really killed', () => {
  const folders: string[] = []
  const script = fileURLToPath(new URL('./test-support/stream-run-process.ts', import.meta.url))

  afterAll(async () => {
    for (const folder of folders) await rm(folder, { recursive: true })
  })

  async function newFolder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'heddle-resume-'))
    folders.push(folder)
    return folder
  }

  /** Runs the process until it ends or `kill` says so; returns the signal that ended it. */
  async function run(
    folder: string,
    steps: number,
    { killAt, kill }: { killAt?: number; kill?: { afterSteps: number; afterMs: number } },
  ) {
    const more = killAt === undefined ? [] : [`${killAt}`]
    const child = spawn(process.execPath, ['--conditions=source', script, folder, `${steps}`, ...more], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    // Counted in steps, so that a faster machine is killed as often; the moment within a step is one of time.
    let done = 0
    child.stdout.on('data', (dots: Buffer) => {
      const before = done
      done += dots.length
      if (kill !== undefined && before < kill.afterSteps && done >= kill.afterSteps) {
        setTimeout(() => child.kill('SIGKILL'), kill.afterMs)
      }
    })
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
    expect(code === 0 || signal === 'SIGKILL').toBe(true)
    return signal
  }

  it('at chosen moments of writing goes on to the same files, bit for bit', async () => {
    const folder = await newFolder()
    // Each process gets a little further before it dies: in the state, a removal, the final weights.
    for (const killAt of [6, 9, 10]) expect(await run(folder, STEPS, { killAt })).toBe('SIGKILL')
    expect(await run(folder, STEPS, {})).toBe(null)
    expect(await runFiles(new FolderStore(folder))).toEqual(expected)
  }, 120_000)

  it('at random moments goes on to the same files, bit for bit, with each line of the log once', async () => {
    const steps = 40
    const whole = new MemoryStore()
    await streamRun(whole, steps).trainer.train()
    const folder = await newFolder()
    const rng = new RandomStream(Number(process.env['HEDDLE_TEST_SEED'] ?? 1))
    let kills = 0
    const moment = () => ({ afterSteps: 4 + rng.integer(10), afterMs: rng.integer(20) })
    while ((await run(folder, steps, { kill: moment() })) === 'SIGKILL') kills++
    expect(kills).toBeGreaterThan(1)
    const store = new FolderStore(folder)
    expect(await runFiles(store)).toEqual(await runFiles(whole))
    const steppedLines = (await lines(store)).filter(({ event }) => event === 'step')
    expect(steppedLines.map(({ step }) => step)).toEqual(Array.from({ length: steps }, (_, i) => i + 1))
  }, 120_000)
})
