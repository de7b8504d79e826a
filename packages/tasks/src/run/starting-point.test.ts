import { type PartSpec, RandomStream, readSafetensors } from '@heddle/core'
import { memorySource } from '@heddle/data'
import { useWasm } from '@heddle/kernels'
import { countParameters, namedParameters, setTraining, stateDict } from '@heddle/layers'
import { Tokenizer } from '@heddle/tokenizer'
import { MemoryStore, type RunStore } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { languageModeling } from '../language-modeling/language-modeling.ts'
import { mergeSettings, type Settings } from '../task/settings.ts'
import type { Task } from '../task/task.ts'
import { withRecipes as registry } from '../test-support/recipes.ts'
import { type KeptRun, train } from '../test-support/trained.ts'
import { textToText } from '../text-to-text/text-to-text.ts'
import { exportRun } from './export-run.ts'
import { openRun } from './open-run.ts'
import { adaptersIn } from './starting-adapters.ts'
import { openStartingPoint } from './starting-point.ts'
import { trainRun } from './train-run.ts'

beforeAll(() => useWasm({ threads: 1 }))

const model = {
  type: 'transformer-lm',
  hiddenSize: 8,
  numLayers: 2,
  numHeads: 2,
  contextLength: 16,
  positions: 'learned',
}
const size = { hiddenSize: 8, numLayers: 1, numHeads: 2 }
const llama = {
  ...{ type: 'transformer-lm', ...size, contextLength: 16, norm: 'rms-norm', feedForward: 'gated-mlp' },
  attention: { bias: false, numKeyValueHeads: 1 },
}
const marian = {
  ...{ type: 'transformer-seq2seq', ...size, residual: 'post-norm', positions: 'sinusoidal', paddingIndex: 0 },
  ...{ outputBias: true, sharedEmbeddings: true },
}
const architectures: Readonly<Record<string, PartSpec>> = {
  gpt2: model,
  llama,
  qwen3: { ...llama, attention: { bias: false, norm: 'rms-norm' } },
  marian,
}
const context = () => ({ registry, rng: new RandomStream(1) })
type Create = (architecture: string | undefined) => Task
const createModel: Create = (architecture) =>
  languageModeling.create(
    {
      model: architecture === undefined ? { type: 'transformer-lm' } : architectures[architecture]!,
      training: { windowLength: 8, batchSize: 2 },
    },
    context(),
  )
const createTranslator: Create = (architecture) =>
  textToText.create(
    {
      model: architecture === undefined ? { type: 'transformer-seq2seq' } : architectures[architecture]!,
      tokenizer: { vocabSize: 40, shared: true },
      training: { batchSize: 2 },
    },
    context(),
  )
const TEXTS = ['a loom and a shuttle of wool, a thread and another thread']
const PAIRS = [
  { source: 'a loom', target: 'A LOOM' },
  { source: 'a thread', target: 'A THREAD' },
]
const folders: readonly [string, Create, readonly unknown[]][] = [
  ['gpt2', createModel, TEXTS],
  ['llama', createModel, TEXTS],
  ['qwen3', createModel, TEXTS],
  ['marian', createTranslator, PAIRS],
]
/** As little as shows what a run does. */
const quick = {
  type: 'tiny-lm',
  sampleLength: 2,
  training: { windowLength: 12, batchSize: 2, steps: 2, evaluateEvery: 2 },
}
const weightsOf = async (store: RunStore) => readSafetensors((await store.read('model.safetensors'))!).tensors
const start = (store: RunStore, weights?: readonly string[]) =>
  openStartingPoint({ store, registry, name: 'first', weights })

describe('a run that starts from another', () => {
  let first: KeptRun
  beforeAll(async () => {
    first = await train({ ...quick, model, data: { count: 400 } })
    first.run.task.dispose()
  })

  const continued = async (recipe: Settings, weights?: readonly string[]) => {
    const store = new MemoryStore()
    const from = await start(first.store, weights)
    // Other text, with letters that the first run has never seen.
    const source = memorySource('text.txt', `${'quiz jumps over a loom and vex '.repeat(12)}`)
    const run = await trainRun({
      registry,
      store,
      recipe: mergeSettings(quick, recipe) as PartSpec,
      seed: 5,
      from,
      source,
    })
    return { store, run }
  }

  it('has its weights, its tokenizer and its model, and remembers it', async () => {
    const { store, run } = await continued({ training: { learningRate: 1e-30, freeze: ['layers.0'] } })
    expect(run.task.modelSpec).toEqual(
      JSON.parse(new TextDecoder().decode(await first.store.read('config.json')))['model'],
    )
    expect(await store.read('tokenizer.json')).toEqual(await first.store.read('tokenizer.json'))
    const [before, after] = [await weightsOf(first.store), await weightsOf(store)]
    for (const [path, tensor] of before) expect([path, after.get(path)]).toEqual([path, tensor])
    expect(JSON.parse(new TextDecoder().decode(await store.read('config.json')))['from']).toEqual({ name: 'first' })
    run.task.dispose()
  })

  it('does not change frozen weights, and names a path that matches none', async () => {
    const { store, run } = await continued({ training: { freeze: ['layers.*.attention', 'input'] } })
    const [before, after] = [await weightsOf(first.store), await weightsOf(store)]
    const changed = [...before.keys()].filter(
      (path) => !Buffer.from(before.get(path)!.bytes).equals(after.get(path)!.bytes),
    )
    expect(changed.length).toBeGreaterThan(0)
    expect(changed.filter((path) => /attention\.|^input/.test(path))).toEqual([])
    run.task.dispose()
    await expect(continued({ training: { freeze: ['encoder'] } })).rejects.toThrow(
      /expected training\.freeze to match weights, got 'encoder'/,
    )
  })

  it('takes the weights of some paths only, and lists all that do not fit', async () => {
    const other = { ...model, hiddenSize: 12, numHeads: 2 }
    const before = tf.memory().numTensors
    const problem = continued({ model: other })
    await expect(problem).rejects.toMatchObject({ code: 'state-dict' })
    await expect(problem).rejects.toThrow(
      /'input\.embedding\.weight': expected \[\d+,12\], got \[\d+,8\].*'norm\.bias'/,
    )
    expect(tf.memory().numTensors).toBe(before)
    const { run } = await continued({ training: { learningRate: 1e-30 } }, ['layers.1'])
    const [old, now] = [await weightsOf(first.store), await stateDict(run.task.model)]
    const same = [...now.keys()].filter((path) => Buffer.from(old.get(path)!.bytes).equals(now.get(path)!.bytes))
    expect(same).toEqual(expect.arrayContaining(['layers.1.attention.query.weight']))
    expect(same).not.toContain('layers.0.attention.query.weight')
    run.task.dispose()
    await expect(continued({}, ['encoder'])).rejects.toThrow(/'encoder' matches no weight/)
  })

  it('trains adapters alone, is opened with them, and is a start with them merged', async () => {
    const adapters = { type: 'lora', rank: 2, targets: ['query', 'input'] }
    const { store, run } = await continued({ training: { adapters } })
    const { total, trainable } = countParameters(run.task.model)
    expect(trainable).toBe(2 * (2 * (8 + 8) + 2 * (8 + 32)))
    expect(total - trainable).toBe(
      [...(await weightsOf(first.store)).values()].reduce((n, { bytes }) => n + bytes.length / 4, 0),
    )
    const [before, after] = [await weightsOf(first.store), await weightsOf(store)]
    for (const [path, tensor] of before) expect([path, after.get(path)]).toEqual([path, tensor])
    const ids = tf.tensor([1, 2, 3], [1, 3], 'int32')
    const logits = (module: { forward(...inputs: unknown[]): unknown }) =>
      (module.forward(ids) as { logits: tf.Tensor }).logits.dataSync()
    const opened = await openRun({ store, registry })
    expect(logits(opened.task.model)).toEqual(logits(run.task.model))

    const second = new MemoryStore()
    const from = await openStartingPoint({ store, registry, name: 'second' })
    const merged = await trainRun({
      registry,
      store: second,
      recipe: mergeSettings(quick, { training: { learningRate: 1e-30 } }) as PartSpec,
      from,
    })
    expect(namedParameters(merged.task.model).filter(([path]) => path.includes('adapter'))).toEqual([])
    const [a, b] = [logits(merged.task.model), logits(run.task.model)]
    expect(Math.max(...a.map((value, i) => Math.abs(value - b[i]!)))).toBeLessThan(1e-5)
    for (const { task } of [run, opened, merged]) task.dispose()
  })

  it('resumes to the same weights, also from before its first checkpoint', async () => {
    const recipe = mergeSettings(quick, { training: { adapters: 'lora', steps: 4 } }) as PartSpec
    const whole = new MemoryStore()
    const finished = await trainRun({ registry, store: whole, recipe, seed: 5, from: await start(first.store) })
    const store = new MemoryStore()
    const controller = new AbortController()
    const stopped = await trainRun({
      ...{ registry, store, recipe, seed: 5, from: await start(first.store), signal: controller.signal },
      events: { onStep: ({ step }) => step === 3 && controller.abort() },
    })
    const resumed = await trainRun({ registry, store, resume: true })
    expect(await store.read('model.safetensors')).toEqual(await whole.read('model.safetensors'))
    for (const file of await store.list('trainer')) await store.remove(file)
    await store.remove('model.safetensors')
    await expect(trainRun({ registry, store, resume: true })).rejects.toThrow(
      /the model that the run started from \(first\)/,
    )
    const again = await trainRun({ registry, store, resume: true, from: await start(first.store) })
    expect(await store.read('model.safetensors')).toEqual(await whole.read('model.safetensors'))
    for (const { task } of [finished, stopped, resumed, again]) task.dispose()
  })

  it.each(folders)('starts from a folder of %s, with its tokenizer', async (architecture, create, examples) => {
    const given = create(architecture)
    await given.prepare(examples)
    const [saved, folder] = [new MemoryStore(), new MemoryStore()]
    await given.save(saved)
    for (const [file, bytes] of await exportRun({ store: saved, registry })) await folder.write(file, bytes)
    const task = create(undefined)
    await task.prepare([...examples, ...examples], await openStartingPoint({ store: folder, registry, name: 'folder' }))
    const [before, after] = [await stateDict(given.model), await stateDict(task.model)]
    expect(before.size).toBeGreaterThan(10)
    for (const [path, tensor] of before) expect([path, after.get(path)]).toEqual([path, tensor])
    const ids = (from: Task) =>
      (Tokenizer.fromJSON(from.files.get('tokenizer.json')) as Tokenizer).encodeIds('a loom', {
        addSpecialTokens: false,
      })
    expect(ids(task)).toEqual(ids(given))
    // One step of training with it.
    const { loss } = await task.fit(examples, { steps: 1 })
    expect(loss).toBeGreaterThan(0)
    task.dispose()
    given.dispose()
  })
})

describe('a run that starts from adapters of peft', () => {
  const logitsOf = ({ model }: Task) => {
    setTraining(model, false)
    return tf.tidy(() =>
      (model.forward(tf.tensor2d([[1, 2, 3, 4]], [1, 4], 'int32')) as { logits: tf.Tensor }).logits.dataSync(),
    )
  }
  const folderOf = (files: ReadonlyMap<string, Uint8Array>) => {
    const store = new MemoryStore()
    for (const [path, bytes] of files) store.write(path, bytes)
    return store
  }
  let base: MemoryStore
  let adapters: MemoryStore
  let expected: number[]
  beforeAll(async () => {
    const first = await train({ ...quick, model, data: { count: 400 } })
    first.run.task.dispose()
    base = folderOf(await exportRun({ store: first.store, registry }))
    const store = new MemoryStore()
    const lora = { type: 'lora', rank: 2, targets: ['query', 'value'] }
    const from = await openStartingPoint({ store: base, registry, name: 'base' })
    const recipe = mergeSettings(quick, { training: { learningRate: 0.3, adapters: lora } }) as PartSpec
    const { task } = await trainRun({ registry, store, recipe, from })
    expected = [...logitsOf(task)]
    task.dispose()
    adapters = folderOf(await exportRun({ store, registry, adapters: 'alone', baseModel: 'base' }))
  })

  const started = async (training: Settings, mergeAdapters = false, adapterFolder = adapters) => {
    const from = await openStartingPoint({
      ...{ store: base, adapters: adapterFolder, registry, name: 'adapters', base: 'base', mergeAdapters },
    })
    const store = new MemoryStore()
    const recipe = mergeSettings(quick, { training: { learningRate: 1e-30, ...training } }) as PartSpec
    const run = await trainRun({ registry, store, recipe, from })
    return { store, run }
  }
  const withConfig = async (changes: object) => {
    const config = JSON.parse(new TextDecoder().decode(await adapters.read('adapter_config.json')))
    const bytes = new TextEncoder().encode(JSON.stringify({ ...config, ...changes }))
    return folderOf(
      new Map([
        ['adapter_config.json', bytes],
        ['adapter_model.safetensors', (await adapters.read('adapter_model.safetensors'))!],
      ]),
    )
  }

  it('goes on training them, with the first map that queries, keys and values share', async () => {
    const { store, run } = await started({})
    const { task } = run
    expect([...logitsOf(task)]).toEqual(expected.map((value) => expect.closeTo(value, 5)))
    const { model: trained, config } = task
    expect(config.training.adapters).toMatchObject({ type: 'lora', shared: ['query', 'key', 'value'] })
    const { total, trainable } = countParameters(trained)
    expect(trainable).toBeLessThan(total / 2)
    const paths = namedParameters(trained).flatMap(([path, { trainable: is }]) => (is ? [path] : []))
    expect(paths.every((path) => path.includes('.adapter.'))).toBe(true)
    expect(paths.filter((path) => path.endsWith('down'))).toHaveLength(2) // of c_attn in each layer
    expect(run.provenance.from).toEqual({ name: 'adapters', base: 'base' })
    task.dispose()
    const again = await openRun({ store, registry })
    expect([...logitsOf(again.task)]).toEqual(expected.map((value) => expect.closeTo(value, 5)))
    again.task.dispose()
  })

  it('or has them merged, and trains everything, or adapters of its own', async () => {
    const { run } = await started({}, true)
    expect([...logitsOf(run.task)]).toEqual(expected.map((value) => expect.closeTo(value, 5)))
    expect(run.task.config.training.adapters).toBeUndefined()
    run.task.dispose()
    const own = await started({ adapters: { type: 'lora', rank: 1 } }, true)
    expect([...logitsOf(own.run.task)]).toEqual(expected.map((value) => expect.closeTo(value, 5)))
    own.run.task.dispose()
    await expect(started({ adapters: 'lora' })).rejects.toThrow(
      'adapters: expected no training.adapters, as the run continues the adapters of the folder',
    )
  })

  it('says which kinds of adapters it does not take, before anything is built', async () => {
    const before = tf.memory().numTensors
    const ofKind = async (changes: object, merged = false) => started({}, merged, await withConfig(changes))
    await expect(ofKind({ peft_type: 'IA3' })).rejects.toThrow(/expected a LoRA adapter .* got 'peft_type'/)
    await expect(ofKind({ peft_type: 'PREFIX_TUNING' })).rejects.toThrow(/expected a LoRA adapter/)
    await expect(ofKind({ use_dora: true })).rejects.toThrow(/'use_dora': true/)
    const pattern = { alpha_pattern: { 'transformer.h.0.attn.c_attn': 5 } }
    await expect(ofKind(pattern)).rejects.toThrow(
      'adapters: expected adapters of one rank and alpha, got several (rank_pattern, alpha_pattern). Merge them with --merge-adapters.',
    )
    expect(tf.memory().numTensors).toBe(before)
    const { run } = await ofKind(pattern, true)
    run.task.dispose()
    expect(await adaptersIn(adapters, registry)).toEqual({ base: 'base' })
    expect(await adaptersIn(base, registry)).toBeUndefined()
  })
})
