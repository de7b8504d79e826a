import { createRegistry, type HeddleError, jsonSchemaOf, type PartSpec, readSafetensors } from '@heddle/core'
import { memorySource } from '@heddle/data'
import { useCpu } from '@heddle/testing'
import { MemoryStore, type RunStore } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { evaluationExamples } from './dataset.ts'
import { recipesPlugin } from './plugin.ts'
import { recipePoint } from './recipe.ts'
import { closeRun, openRun } from './run.ts'
import { registry, tinyCharLm, tinyTranslate } from './test-support/tiny.ts'
import { trainRun } from './train-run.ts'
import { usePoint } from './use.ts'

const json = async (store: RunStore, path: string) => JSON.parse(new TextDecoder().decode(await store.read(path)))
const put = (store: RunStore, path: string, value: unknown) =>
  store.write(path, new TextEncoder().encode(JSON.stringify(value)))
const code = (error: unknown) => (error as HeddleError).code

async function train(recipe: PartSpec, seed = 3) {
  const store = new MemoryStore()
  const result = await trainRun({ registry, store, recipe, seed })
  return { store, result }
}

// Training costs seconds on this backend, so that one run of each recipe serves all tests that do not change it.
const kept = new Map<PartSpec, ReturnType<typeof train>>()
const trained = (recipe: PartSpec) => kept.get(recipe) ?? kept.set(recipe, train(recipe)).get(recipe)!

async function copyOf(store: RunStore): Promise<MemoryStore> {
  const copy = new MemoryStore()
  for (const path of ['config.json', 'model.safetensors', 'tokenizer.json']) {
    await copy.write(path, (await store.read(path))!)
  }
  return copy
}

beforeAll(useCpu)

describe('trainRun and openRun', () => {
  it('keeps a run that opens to the same numbers', async () => {
    const { store, result } = await trained(tinyCharLm)
    const run = await openRun({ store, registry })
    const { part, examples } = await evaluationExamples(run, undefined)
    expect(part).toBe('validation')
    expect(await run.pipeline.evaluate(examples)).toEqual(result.evaluation!.metrics)
    expect((await json(store, 'metrics.json')).metrics).toEqual(result.evaluation!.metrics)
    closeRun(run)
  })

  it('learns', async () => {
    const { result } = await train({ ...tinyCharLm, steps: 40, learningRate: 0.02, evaluateEvery: 40 })
    // An untrained model knows nothing of 60 characters: ln 60 is 4.1.
    expect(result.evaluation!.metrics['loss']).toBeLessThan(3.2)
  })

  it('ends with the same weights for the same seed, and with others for another', async () => {
    const [a, b] = [await trained(tinyCharLm), await train(tinyCharLm)]
    const weights = async ({ store }: typeof a) => await store.read('model.safetensors')
    expect(await weights(a)).toEqual(await weights(b))
    expect(await weights(await train(tinyCharLm, 4))).not.toEqual(await weights(a))
  })

  it.each([
    ['char-lm', tinyCharLm],
    ['translate', tinyTranslate],
  ])('resumes %s to the same weights, bit for bit, after it was stopped', async (_, recipe) => {
    const whole = await trained(recipe)
    const store = new MemoryStore()
    const controller = new AbortController()
    const stopped = await trainRun({
      registry,
      store,
      recipe,
      seed: 3,
      signal: controller.signal,
      events: { onStep: ({ step }) => step === 4 && controller.abort() },
    })
    expect(stopped.result.steps).toBe(4)
    expect(stopped.evaluation).toBeUndefined()
    const resumed = await trainRun({ registry, store, resume: true })
    expect(await store.read('model.safetensors')).toEqual(await whole.store.read('model.safetensors'))
    expect(resumed.evaluation).toEqual(whole.result.evaluation)
    expect(resumed.exhibits).toEqual(whole.result.exhibits)
  })

  it.each([
    ['char-lm', { ...tinyCharLm, steps: 10 }],
    ['translate', { ...tinyTranslate, steps: 8 }],
  ])('leaks no tensor in training %s, and none once the run is closed', async (_, recipe) => {
    const before = tf.memory().numTensors
    const counts: number[] = []
    const onStep = () => counts.push(tf.memory().numTensors)
    const { run } = await trainRun({ registry, store: new MemoryStore(), recipe, events: { onStep } })
    expect(new Set(counts.slice(2)).size, counts.join(' ')).toBe(1)
    closeRun(run)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('writes out all defaults and which plugin each part came from', async () => {
    const { store } = await trained(tinyTranslate)
    const config = await json(store, 'config.json')
    expect(config.recipe).toMatchObject({ type: 'translate', attention: 'additive', labelSmoothing: 0 })
    expect(config.parts).toContainEqual({ kind: 'cell', name: 'gru', plugin: '@heddle/rnn' })
    expect(config.plugins).toContainEqual({ name: '@heddle/attention' })
    expect(config.files).toEqual(['tokenizer.json', 'tokenizer.target.json'])
    const { tensors } = readSafetensors((await store.read('model.safetensors'))!)
    expect([...tensors.keys()]).toContain('decoder.attention.query.weight')
  })

  it('says which plugin a part came from that is not there', async () => {
    const { store } = await trained(tinyCharLm)
    const lacking = createRegistry([recipesPlugin])
    await expect(openRun({ store, registry: lacking, name: 'runs/x' })).rejects.toThrow(
      /runs\/x: expected cell 'lstm', model 'recurrent-lm', provided by plugin '@heddle\/rnn'/,
    )
  })

  it.each<[string, (store: RunStore) => Promise<unknown>, RegExp, string]>([
    ['without config.json', (store) => store.remove('config.json'), /file config\.json, got none/, 'file'],
    ['without weights', (store) => store.remove('model.safetensors'), /--resume/, 'file'],
    ['without its tokenizer', (store) => store.remove('tokenizer.json'), /file tokenizer\.json, got none/, 'file'],
    ['that is not JSON', (store) => store.write('config.json', new Uint8Array([123])), /expected JSON/, 'format'],
    [
      'of a later format',
      async (store) => put(store, 'config.json', { ...(await json(store, 'config.json')), format: 2 }),
      /Update Heddle/,
      'format',
    ],
    [
      'with a file name that leads elsewhere',
      async (store) => put(store, 'config.json', { ...(await json(store, 'config.json')), files: ['../secret.json'] }),
      /plain file names/,
      'format',
    ],
    [
      'with weights of another size',
      async (store) => {
        const config = await json(store, 'config.json')
        await put(store, 'config.json', { ...config, model: { ...config.model, hiddenSize: 13 } })
      },
      /do not fit the model/,
      'state-dict',
    ],
    [
      'with damaged weights',
      async (store) => store.write('model.safetensors', (await store.read('model.safetensors'))!.slice(0, -8)),
      /damaged or not a safetensors file/,
      'format',
    ],
  ])('refuses a run %s', async (_, spoil, message, expected) => {
    const store = await copyOf((await trained(tinyCharLm)).store)
    await spoil(store)
    const failure = await openRun({ store, registry }).catch((error: unknown) => error)
    expect(String(failure)).toMatch(message)
    expect(code(failure)).toBe(expected)
  })

  it('refuses other data than a run was started with', async () => {
    const store = new MemoryStore()
    const text = 'the quick brown fox jumps over the lazy dog. '.repeat(40)
    await trainRun({ registry, store, recipe: { ...tinyCharLm, steps: 2 }, source: memorySource('fox.txt', text) })
    const resume = (source?: ReturnType<typeof memorySource>) => trainRun({ registry, store, resume: true, source })
    await expect(resume()).rejects.toThrow(/run's data \(fox\.txt\), got none/)
    await expect(resume(memorySource('fox.txt', `${text}!`))).rejects.toThrow(/got other content in fox\.txt/)
    await expect(resume(memorySource('renamed.txt', text))).resolves.toBeDefined()
  })

  it('evaluates on the held-out part of its own data and on all of other data', async () => {
    const store = new MemoryStore()
    const rows = Array.from({ length: 60 }, (_, i) => `one ${i} two\teins ${i} zwei`).join('\n')
    const source = memorySource('pairs.tsv', rows)
    await trainRun({ registry, store, recipe: { ...tinyTranslate, steps: 1, evaluateEvery: 1 }, source })
    const run = await openRun({ store, registry })
    expect(await evaluationExamples(run, source)).toMatchObject({ part: 'test', examples: { length: 6 } })
    const other = await evaluationExamples(run, memorySource('other.tsv', 'a\tb\nc\td'))
    expect(other).toMatchObject({ part: 'all', examples: { length: 2 } })
    await expect(evaluationExamples(run, undefined)).rejects.toThrow(/pairs\.tsv/)
    closeRun(run)
  })
})

describe('uses', () => {
  it('translates with greedy and with beam search, with the attention of each word', async () => {
    const { store } = await trained(tinyTranslate)
    const run = await openRun({ store, registry })
    for (const beamWidth of [1, 3]) {
      const use = registry.create(
        usePoint,
        { type: 'translate', beamWidth, maxLength: 5, attention: true },
        { run, name: 'x' },
      )
      const { outputs, translations } = await use(['Was she a doctor?', 'He was sick.'])
      expect(outputs).toHaveLength(2)
      const map = translations![0]!.attention!
      expect(map.source).toHaveLength(6)
      expect(map.source.slice(-2)).toEqual(['?', '<eos>'])
      expect(map.weights).toHaveLength(map.target.length)
      for (const row of map.weights) expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 4)
    }
    closeRun(run)
  })

  it('generates the same text for the same seed, piece by piece', async () => {
    const { store } = await trained(tinyCharLm)
    const run = await openRun({ store, registry })
    let written = ''
    const context = { run, name: 'x', onText: (text: string) => (written += text) }
    const use = registry.create(usePoint, { type: 'generate', length: 40, seed: 7 }, context)
    const [text] = (await use(['The ']))!.outputs
    expect(text).toBe(`The ${written}`)
    expect(written).toHaveLength(40)
    written = ''
    expect((await use(['The '])).outputs).toEqual([text])
    const cold = registry.create(usePoint, { type: 'generate', length: 10, temperature: 0 }, { run, name: 'x' })
    expect((await cold(['', ''])).outputs[0]).toBe((await cold([''])).outputs[0])
    const named = (sampler: string | PartSpec, more: object = {}) =>
      registry.create(usePoint, { type: 'generate', length: 10, sampler, ...more }, { run, name: 'x' })
    expect((await named('greedy')(['The '])).outputs).toEqual((await cold(['The '])).outputs)
    expect((await named({ type: 'random', temperature: 0.8 }, { length: 40, seed: 7 })(['The '])).outputs).toEqual([
      text,
    ])
    expect(() => named('greedy', { topK: 3 })).toThrow('generate: expected either sampler or topK, got both.')
    expect(() => named('acme/mirostat')).toThrow('no sampler is named "acme/mirostat"')
    closeRun(run)
  })

  it('says what a run can be used for instead', async () => {
    const { store } = await trained(tinyCharLm)
    const run = await openRun({ store, registry })
    expect(() => registry.create(usePoint, { type: 'translate' }, { run, name: 'runs/a' })).toThrow(
      "translate: expected a run that can translate, got runs/a, a run of 'char-lm'. Use 'heddle generate'.",
    )
    closeRun(run)
  })
})

describe('recipes', () => {
  it.each(registry.list(recipePoint).map((definition) => [definition.name, definition] as const))(
    '%s describes each setting, needs none, and names the metric that it is judged by',
    (name, definition) => {
      const { properties } = jsonSchemaOf(definition.config)
      for (const [key, field] of Object.entries(properties!)) expect(field.description, key).toBeTruthy()
      const recipe = registry.create(recipePoint, { type: name }, undefined)
      expect(recipe.metrics.length).toBeGreaterThan(0)
      expect(recipe.dataFormat).toBeTruthy()
    },
  )

  it.each([tinyCharLm, { ...tinyCharLm, test: 0.1 }, tinyTranslate])('split $type without overlap', (spec) => {
    const recipe = registry.create(recipePoint, spec, undefined)
    const { train, validation, test } = recipe.split(recipe.builtIn(5), 5)
    const seen = new Set([...train, ...validation].map((example) => JSON.stringify(example)))
    expect(train.length).toBeGreaterThan(0)
    expect(validation.length).toBeGreaterThan(0)
    for (const example of test) expect(seen.has(JSON.stringify(example))).toBe(false)
    // Nothing is lost: a text is cut, pairs are dealt out.
    if (spec.type === 'char-lm') expect([...train, ...validation, ...test].join('')).toBe(recipe.builtIn(5).join('\n'))
    else expect(seen.size + test.length).toBe(150)
  })
})
