import { type PartSpec, RandomStream } from '@heddle/core'
import { useWasm } from '@heddle/kernels'
import { adaptedLayers, type LowRank, type Module, pretrainedPoint } from '@heddle/layers'
import { Tokenizer } from '@heddle/tokenizer'
import { MemoryStore } from '@heddle/trainer'
import { loadAdapters, loadCheckpoint } from '@heddle/transformer'
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { languageModeling } from '../language-modeling/language-modeling.ts'
import type { Settings } from '../task/settings.ts'
import { withRecipes as registry } from '../test-support/recipes.ts'
import { textClassification } from '../text-classification/text-classification.ts'
import { textToText } from '../text-to-text/text-to-text.ts'
import { type ExportRunOptions, exportRun } from './export-run.ts'

beforeAll(() => useWasm({ threads: 1 }))

const size = { hiddenSize: 8, numLayers: 1, numHeads: 2 }
const gpt2 = { type: 'transformer-lm', ...size, contextLength: 16, positions: 'learned' }
const marian = {
  type: 'transformer-seq2seq',
  ...{ ...size, residual: 'post-norm', positions: 'sinusoidal', paddingIndex: 0 },
  ...{ outputBias: true, sharedEmbeddings: true },
}
const PAIRS = [
  { source: 'the loom', target: 'THE LOOM' },
  { source: 'a shuttle of wool', target: 'A SHUTTLE OF WOOL' },
]
const TEXT = 'the loom and the shuttle: é, 한'

const context = () => ({ registry, rng: new RandomStream(1) })
const decoded = (bytes: Uint8Array | undefined) => JSON.parse(new TextDecoder().decode(bytes))
const folderOf = (files: ReadonlyMap<string, Uint8Array>) => ({ read: async (path: string) => files.get(path) })
const logits = (model: Module, ids: readonly number[]) => {
  const forward = model.forward.bind(model) as (x: tf.Tensor) => { logits: tf.Tensor }
  return [...forward(tf.tensor2d([...ids], [1, ids.length], 'int32')).logits.dataSync()]
}

/** A language model that is built and saved, with a text as ids and its logits; adapters have an effect. */
async function languageModel(config: Settings) {
  const task = languageModeling.create(config, context())
  await task.prepare([TEXT])
  for (const [, { adapter }] of adaptedLayers(task.model)) {
    const { up } = adapter as unknown as LowRank
    up.assign(tf.fill([...up.shape], 0.3))
  }
  const store = new MemoryStore()
  await task.save(store)
  const ids = [...(await task.pipeline.encode(['the loom, 한']))]
  const before = logits(task.model, ids)
  task.dispose()
  return { store, ids, before }
}
const exported = (store: MemoryStore, options: Partial<ExportRunOptions> = {}) =>
  exportRun({ store, registry, name: 'runs/x', ...options })

describe('exportRun', () => {
  beforeEach(() => tf.engine().startScope())
  afterEach(() => tf.engine().endScope())

  it('writes a language model whose folder has its logits and its ids', async () => {
    const { store, ids, before } = await languageModel({ model: gpt2 })
    const files = await exported(store)
    expect([...files.keys()].sort()).toEqual([
      'config.json',
      'generation_config.json',
      'model.safetensors',
      'special_tokens_map.json',
      'tokenizer.json',
      'tokenizer_config.json',
    ])
    const { model } = await loadCheckpoint(folderOf(files), context())
    expect(logits(model, ids)).toEqual(before)
    expect((await Tokenizer.fromFolder(folderOf(files))).encodeIds('the loom, 한')).toEqual(ids)
    // transformers would take GPT-2's end of text, which this vocabulary does not have.
    expect(decoded(files.get('config.json'))).toMatchObject({ model_type: 'gpt2', eos_token_id: null })
    expect(decoded(files.get('tokenizer_config.json'))).toMatchObject({ model_max_length: 16, unk_token: '<unk>' })
  })

  it('merges adapters, or writes them alone, and asks which', async () => {
    const training = { adapters: { type: 'lora', rank: 2 } }
    const { store, ids, before } = await languageModel({ model: gpt2, training })
    const plain = await languageModel({ model: gpt2 })
    const difference = Math.max(...before.map((value, i) => Math.abs(value - plain.before[i]!)))
    expect(difference).toBeGreaterThan(1e-4)
    const near = (values: readonly number[]) =>
      expect(Math.max(...values.map((value, i) => Math.abs(value - before[i]!)))).toBeLessThan(1e-6)
    const merged = await loadCheckpoint(folderOf(await exported(store, { adapters: 'merged' })), context())
    near(logits(merged.model, ids))

    const alone = await exported(store, { adapters: 'alone', baseModel: 'base' })
    expect([...alone.keys()]).toEqual(['adapter_config.json', 'adapter_model.safetensors'])
    const base = await loadCheckpoint(folderOf(await exported(plain.store)), context())
    const { baseModel } = await loadAdapters(base.model, base.spec, folderOf(alone), context())
    expect(baseModel).toBe('base')
    near(logits(base.model, ids))

    await expect(exported(store)).rejects.toThrow(/what becomes of the run's adapters/)
    await expect(exported(plain.store, { adapters: 'merged' })).rejects.toThrow(
      /expected a run with adapters, got one without/,
    )
  })

  it('writes an encoder-decoder with one tokenizer that ends a text as the encoder reads it', async () => {
    const create = async (shared: boolean) => {
      const tokenizer = { units: 'subwords', vocabSize: 40, shared } as const
      const task = textToText.create({ model: marian, tokenizer, decoding: { maxLength: 7, beamWidth: 2 } }, context())
      await task.prepare(PAIRS)
      const store = new MemoryStore()
      await task.save(store)
      task.dispose()
      return exported(store)
    }
    const files = await create(true)
    expect(decoded(files.get('config.json'))).toMatchObject({ model_type: 'marian', pad_token_id: 0, eos_token_id: 3 })
    expect(decoded(files.get('generation_config.json'))).toEqual({
      ...{ bos_token_id: 2, eos_token_id: 3, pad_token_id: 0, decoder_start_token_id: 2 },
      ...{ max_new_tokens: 7, num_beams: 2 },
    })
    const tokenizer = await Tokenizer.fromFolder(folderOf(files))
    expect(tokenizer.encodeIds('the loom').at(-1)).toBe(3)
    await expect(create(false)).rejects.toThrow(
      /expected one tokenizer\.json, got different ones from tokenizer\.json and tokenizer\.target\.json/,
    )
  })

  it('writes the labels of a classifier', async () => {
    const encoder = { type: 'bert', ...size, maxPositions: 24, pooling: 'pooler', dropout: 0.1 }
    const config = { model: { type: 'classifier', encoder, dropout: 0.1 } }
    const task = textClassification.create(config, context())
    await task.prepare([
      { text: 'good', label: 'yes' },
      { text: 'bad', label: 'no' },
    ])
    const store = new MemoryStore()
    await task.save(store)
    task.dispose()
    const config_ = decoded((await exported(store)).get('config.json'))
    expect(config_).toMatchObject({ architectures: ['BertForSequenceClassification'], id2label: { 0: 'no', 1: 'yes' } })
  })

  it.each<[PartSpec, RegExp]>([
    [{ type: 'recurrent-lm', hiddenSize: 8 }, /got 'recurrent-lm', a model of another type/],
    [
      { ...gpt2, positions: 'rotary' },
      /for gpt2 positions\.type: expected "learned", got "rotary"; for llama .*norm\.type: expected "rms-norm", got "layer-norm"/,
    ],
    [{ ...gpt2, residual: 'post-norm' }, /for gpt2 residual: expected "pre-norm", got "post-norm"/],
  ])('says what differs in %j', async (model, message) => {
    const { store } = await languageModel({ model })
    await expect(exported(store)).rejects.toThrow(message)
  })

  it('says which layouts there are', async () => {
    const { store } = await languageModel({ model: gpt2 })
    await expect(exported(store, { layout: 'hugging-fase' })).rejects.toThrow(
      new RegExp(`no ${pretrainedPoint.kind} is named "hugging-fase"`),
    )
  })
})
