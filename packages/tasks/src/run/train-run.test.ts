import { type PartSpec, readSafetensors } from '@heddle/core'
import { memorySource } from '@heddle/data'
import { useWasm } from '@heddle/kernels'
import { MemoryStore, type RunStore } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { withRecipes as registry } from '../test-support/recipes.ts'
import { train, trained } from '../test-support/trained.ts'
import { trainRun } from './train-run.ts'

const json = async (store: RunStore, path: string) => JSON.parse(new TextDecoder().decode(await store.read(path)))
const BOTH = ['tiny-lm', 'tiny-pairs'] as const

beforeAll(() => useWasm({ threads: 1 }))

describe('trainRun', () => {
  it('learns, and keeps what it reports', async () => {
    const { store, run } = await train({ type: 'tiny-lm', training: { steps: 60, evaluateEvery: 60 } })
    const { part, metrics, baseline } = run.evaluation!
    expect(part).toBe('validation')
    // Better than the frequencies of single characters.
    expect(metrics['loss']).toBeLessThan(baseline!['loss']! - 0.3)
    expect(await json(store, 'metrics.json')).toEqual(run.evaluation)
    run.task.dispose()
  })

  it('ends with the same weights for the same seed, and with others for another', async () => {
    const [a, b, c] = [await trained('tiny-lm'), await train({ type: 'tiny-lm' }), await train({ type: 'tiny-lm' }, 4)]
    const weights = ({ store }: typeof a) => store.read('model.safetensors')
    expect(await weights(b)).toEqual(await weights(a))
    expect(await weights(c)).not.toEqual(await weights(a))
    b.run.task.dispose()
    c.run.task.dispose()
  })

  it.each(BOTH)('resumes %s to the same weights, bit for bit, after it was stopped', async (type) => {
    const whole = await trained(type)
    const store = new MemoryStore()
    const controller = new AbortController()
    const stopped = await trainRun({
      ...{ registry, store, recipe: { type }, seed: 3, signal: controller.signal },
      events: { onStep: ({ step }) => step === 4 && controller.abort() },
    })
    expect(stopped.result.steps).toBe(4)
    expect(stopped.evaluation).toBeUndefined()
    const resumed = await trainRun({ registry, store, resume: true })
    expect(await store.read('model.safetensors')).toEqual(await whole.store.read('model.safetensors'))
    expect(resumed.evaluation).toEqual(whole.run.evaluation)
    expect(resumed.exhibits).toEqual(whole.run.exhibits)
    stopped.task.dispose()
    resumed.task.dispose()
  })

  it.each(BOTH)('leaks no tensor in training %s, and none once the task is disposed', async (type) => {
    const before = tf.memory().numTensors
    const counts: number[] = []
    const onStep = () => counts.push(tf.memory().numTensors)
    const recipe = { type, training: { steps: 8, evaluateEvery: 100 } }
    const { task } = await trainRun({ registry, store: new MemoryStore(), recipe, events: { onStep } })
    expect(new Set(counts.slice(2)).size, counts.join(' ')).toBe(1)
    task.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })

  it('leaves no tensor behind when training fails, or cannot be resumed', async () => {
    const before = tf.memory().numTensors
    const store = new MemoryStore()
    const onStep = ({ step }: { step: number }) => {
      if (step === 4) throw new Error('stopped in the middle')
    }
    const recipe = { type: 'tiny-lm', training: { checkpointEvery: 2 } }
    await expect(trainRun({ registry, store, recipe, events: { onStep } })).rejects.toThrow('in the middle')
    expect(tf.memory().numTensors).toBe(before)
    const optimizer = (await store.list('trainer')).find((path) => path.includes('optimizer'))!
    await store.write(optimizer, (await store.read(optimizer))!.slice(0, -4))
    await expect(trainRun({ registry, store, resume: true })).rejects.toThrow(/safetensors|checkpoint/i)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('writes out every default, and the plugin that each part came from', async () => {
    const { store } = await trained('tiny-pairs')
    const config = await json(store, 'config.json')
    expect(config).toMatchObject({
      recipe: { name: 'tiny-pairs', data: { count: 120, validation: 8, test: 10, shout: false } },
      seed: 3,
      data: null,
      task: {
        type: 'text-to-text',
        training: { labelSmoothing: 0 },
        metrics: [{ type: 'exactMatch' }, { type: 'chrf' }],
      },
      model: { type: 'recurrent-seq2seq', attention: 'additive', numLayers: 1 },
    })
    expect(config.parts).toContainEqual({ kind: 'task', name: 'text-to-text', plugin: '@heddle/tasks' })
    expect(config.parts).toContainEqual({ kind: 'cell', name: 'gru', plugin: '@heddle/rnn' })
    expect(config.parts).toContainEqual({ kind: 'optimizer', name: 'adamw', plugin: '@heddle/trainer' })
    expect(config.parts).toContainEqual({ kind: 'metric', name: 'chrf', plugin: '@heddle/metrics' })
    expect(config.plugins).toContainEqual({ name: '@heddle/attention' })
    const { tensors } = readSafetensors((await store.read('model.safetensors'))!)
    expect([...tensors.keys()]).toContain('decoder.attention.query.weight')
    expect(await store.list('')).toEqual(expect.arrayContaining(['tokenizer.json', 'tokenizer.target.json']))
  })

  it('names the parts that training needs, and those inside, so that opening says which plugin is missing', async () => {
    const schedule = { type: 'warmup', steps: 2, schedule: { type: 'constant' } }
    const { store, run } = await train({ type: 'tiny-lm', training: { steps: 1, optimizer: 'lion', schedule } })
    const { parts } = await json(store, 'config.json')
    for (const [kind, name] of [
      ['optimizer', 'lion'],
      ['schedule', 'warmup'],
      ['schedule', 'constant'],
    ]) {
      expect(parts).toContainEqual({ kind, name, plugin: '@heddle/trainer' })
    }
    run.task.dispose()
  })

  it('hands the settings of the data to the recipe', async () => {
    const { run } = await train({ type: 'tiny-pairs', data: { count: 100, shout: true }, training: { steps: 1 } })
    expect((run.dataset.train as { target: string }[]).every(({ target }) => target.endsWith('!'))).toBe(true)
    expect(Object.values(run.dataset).map(({ length }) => length)).toEqual([82, 8, 10])
    run.task.dispose()
  })

  it('takes other defaults for given data, below the settings of the user, and says so', async () => {
    const lines = Array.from({ length: 200 }, (_, i) => `one two ${i}\teins zwei ${i}`).join('\n')
    const trainedOn = async (settings: object, source = memorySource('numbers.tsv', lines)) => {
      const recipe = { type: 'tiny-pairs', ...settings } as PartSpec
      const { task, notes } = await trainRun({ registry, store: new MemoryStore(), recipe, source })
      task.dispose()
      return { ...task.config, notes }
    }
    expect(await trainedOn({})).toMatchObject({
      model: { dropout: 0.4, hiddenSize: 8 },
      tokenizer: { units: 'subwords', vocabSize: 200 },
      training: { steps: 2, labelSmoothing: 0.1, batchSize: 8 },
      notes: [expect.stringMatching(/^settings for 18\d examples: model\.dropout 0\.4, .*units subwords.*; --set/)],
    })
    expect(await trainedOn({ model: { dropout: 0.2 }, tokenizer: { units: 'words' } })).toMatchObject({
      model: { dropout: 0.2 },
      tokenizer: { units: 'words', vocabSize: 8000 },
      training: { labelSmoothing: 0.1 },
    })
    const { task, notes } = (await trained('tiny-pairs')).run
    expect([task.config.model['dropout'], notes]).toEqual([0.1, []])
  })

  it('trains a model of another family by its name', async () => {
    const { run } = await train({ type: 'tiny-lm', model: 'ngram-lm' })
    expect(run.task.modelSpec).toMatchObject({ type: 'ngram-lm', order: 7 })
    expect(run.evaluation!.metrics['loss']).toBeLessThan(run.evaluation!.baseline!['loss']!)
    run.task.dispose()
  })

  it('refuses other data than a run was started with', async () => {
    const store = new MemoryStore()
    const text = 'the quick brown fox jumps over the lazy dog. '.repeat(20)
    const recipe = { type: 'tiny-lm', training: { steps: 2 } }
    const { task } = await trainRun({ registry, store, recipe, source: memorySource('fox.txt', text) })
    const resume = (source?: ReturnType<typeof memorySource>) => trainRun({ registry, store, resume: true, source })
    await expect(resume()).rejects.toThrow(/run's data \(fox\.txt\), got none/)
    await expect(resume(memorySource('fox.txt', `${text}!`))).rejects.toThrow(/got other content in fox\.txt/)
    const resumed = await resume(memorySource('renamed.txt', text))
    task.dispose()
    resumed.task.dispose()
  })

  it.each<[string, Partial<Parameters<typeof trainRun>[0]>, string]>([
    ['without a recipe', {}, 'trainRun: expected a recipe { type, … }, got none.'],
    ['of an unknown recipe', { recipe: { type: 'tiny-pair' } }, 'no recipe is named "tiny-pair". Did you mean'],
    ['with an unknown setting', { recipe: { type: 'tiny-lm', stpes: 3 } }, "recipe 'tiny-lm': unknown key 'stpes'"],
    [
      'with an unknown setting of its data',
      { recipe: { type: 'tiny-lm', data: { cuont: 3 } } },
      "recipe 'tiny-lm': data: unknown key 'cuont'. Did you mean 'count'?",
    ],
    [
      'that is to be resumed from nothing',
      { resume: true },
      'run: expected a run with the file config.json, got none.',
    ],
  ])('refuses a run %s, and keeps nothing', async (_, options, message) => {
    const store = new MemoryStore()
    await expect(trainRun({ registry, store, ...options })).rejects.toThrow(message)
    expect(await store.list('')).toEqual([])
  })

  it('refuses to resume a task that was trained from code', async () => {
    const { run } = await trained('tiny-lm')
    const store = new MemoryStore()
    await run.task.save(store)
    await expect(trainRun({ registry, store, resume: true })).rejects.toThrow('got a task that was trained from code')
  })
})
