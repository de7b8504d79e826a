import { createRegistry, type HeddleError } from '@heddle/core'
import { useWasm } from '@heddle/kernels'
import type { RunStore } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { tasksPlugin } from '../plugin.ts'
import { withRecipes as registry } from '../test-support/recipes.ts'
import { copyOf, trained } from '../test-support/trained.ts'
import { openRun, openTask } from './open-run.ts'

const json = async (store: RunStore, path: string) => JSON.parse(new TextDecoder().decode(await store.read(path)))
const put = (store: RunStore, path: string, value: unknown) =>
  store.write(path, new TextEncoder().encode(JSON.stringify(value)))

beforeAll(() => useWasm({ threads: 1 }))

describe('openRun', () => {
  it('opens a run with its origin', async () => {
    const { store, run } = await trained('tiny-lm')
    const opened = await openRun({ store, registry })
    expect(opened.config).toMatchObject({ recipe: { name: 'tiny-lm' }, seed: 3, data: null })
    expect(await opened.task.evaluate(run.dataset.validation)).toEqual(run.evaluation!.metrics)
    opened.task.dispose()
  })

  it('opens a run that lacks settings which came later, with their defaults', async () => {
    const { store, run } = await trained('tiny-lm')
    const copy = await copyOf(store)
    const config = await json(copy, 'config.json')
    expect(config.task.training).toHaveProperty('windows')
    for (const name of ['windows', 'monitor']) delete config.task.training[name]
    delete config.task.sampleLength
    await put(copy, 'config.json', config)
    const task = await openTask(copy, registry)
    expect(await task.evaluate(run.dataset.validation)).toEqual(run.evaluation!.metrics)
    task.dispose()
  })

  it('says which plugin a part came from that is not there', async () => {
    const { store } = await trained('tiny-lm')
    const lacking = createRegistry([tasksPlugin])
    await expect(openTask(store, lacking, 'runs/x')).rejects.toThrow(
      /^runs\/x: expected cell 'lstm', model 'recurrent-lm', optimizer 'adamw', provided by plugin '@heddle\/rnn', plugin '@heddle\/trainer', got/,
    )
    await expect(openTask(store, createRegistry([]), 'runs/x')).rejects.toThrow(
      /task 'language-modeling'.*plugin '@heddle\/tasks'/,
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
      'with a field that it should not have',
      async (store) => put(store, 'config.json', { ...(await json(store, 'config.json')), files: ['../x.json'] }),
      /unknown key 'files'/,
      'config',
    ],
    [
      'with an unknown setting of its task',
      async (store) => {
        const config = await json(store, 'config.json')
        await put(store, 'config.json', { ...config, task: { ...config.task, sampleLenght: 3 } })
      },
      /unknown key 'sampleLenght'/,
      'config',
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
  ])('refuses a run %s, and leaves no tensor behind', async (_, spoil, message, expected) => {
    const store = await copyOf((await trained('tiny-lm')).store)
    await spoil(store)
    const before = tf.memory().numTensors
    const failure = await openRun({ store, registry }).catch((error: unknown) => error)
    expect(String(failure)).toMatch(message)
    expect((failure as HeddleError).code).toBe(expected)
    expect(tf.memory().numTensors).toBe(before)
  })
})
