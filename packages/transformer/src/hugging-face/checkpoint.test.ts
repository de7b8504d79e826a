import { attentionPlugin } from '@heddle/attention'
import {
  createRegistry,
  type FileFolder,
  fileOfBytes,
  floatTensor,
  type PartSpec,
  RandomStream,
  type RawTensor,
  readSafetensors,
  writeSafetensors,
} from '@heddle/core'
import { layersPlugin, type Module, modelPoint, stateDict } from '@heddle/layers'
import { expectClose, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { transformerPlugin } from '../plugin.ts'
import { loadCheckpoint, saveCheckpoint } from './checkpoint.ts'

beforeAll(useCpu)

const registry = createRegistry([layersPlugin, attentionPlugin, transformerPlugin])
const context = (seed = 1) => ({ registry, rng: new RandomStream(seed) })
const size = { type: 'transformer-lm', vocabSize: 11, hiddenSize: 8, numLayers: 2, numHeads: 2, contextLength: 16 }
const gpt2: PartSpec = { ...size, positions: 'learned', feedForward: { type: 'mlp', activation: 'gelu-tanh' } }
const llama: PartSpec = {
  ...size,
  norm: { type: 'rms-norm', epsilon: 1e-5 },
  feedForward: 'gated-mlp',
  positions: { type: 'rotary', base: 5000 },
  attention: { numKeyValueHeads: 1, bias: false },
  tied: false,
}
const qwen3: PartSpec = {
  ...llama,
  attention: { numKeyValueHeads: 1, headSize: 6, bias: false, norm: { type: 'rms-norm', epsilon: 1e-5 } },
  tied: true,
}
const marian: PartSpec = {
  type: 'transformer-seq2seq',
  ...{ source: { vocabSize: 11 }, target: { vocabSize: 11 }, hiddenSize: 8, numLayers: 1, numHeads: 2 },
  feedForward: { type: 'mlp', activation: 'relu' },
  residual: 'post-norm',
  positions: 'sinusoidal',
  encoder: { numLayers: 2 },
  ...{ tied: true, sharedEmbeddings: true, outputBias: true, paddingIndex: 10 },
}
const build = (spec: PartSpec) => registry.create(modelPoint, spec, context(5))
const from = (files: ReadonlyMap<string, Uint8Array>) => async (file: string) => files.get(file)
const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const parsed = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>
const files = (spec: PartSpec) => saveCheckpoint(build(spec), spec, context())

/** The files with other weights or another config. */
async function changed(
  spec: PartSpec,
  change: { weights?: (tensors: Map<string, RawTensor>) => void; config?: Record<string, unknown> },
): Promise<Map<string, Uint8Array>> {
  const all = await files(spec)
  const tensors = new Map(readSafetensors(all.get('model.safetensors')!).tensors)
  change.weights?.(tensors)
  all.set('model.safetensors', writeSafetensors(tensors))
  all.set('config.json', json({ ...parsed(all.get('config.json')!), ...change.config }))
  return all
}

describe.each([
  ['gpt2', gpt2],
  ['llama', llama],
  ['qwen3', qwen3],
  ['marian', marian],
])('a checkpoint of %s', (modelType, spec) => {
  it('is read as it was written, and written again with the same bytes', async () => {
    const model = build(spec)
    const written = await saveCheckpoint(model, spec, context())
    expect(parsed(written.get('config.json')!)['model_type']).toBe(modelType)
    const { model: read, spec: again } = await loadCheckpoint(from(written), context())
    expect([...(await stateDict(read))]).toEqual([...(await stateDict(model))])
    const ids = tf.tensor([3, 1, 4, 1, 5], [1, 5], 'int32')
    const inputs = modelType === 'marian' ? [ids, undefined, ids] : [ids]
    const logits = (from: Module) => (from.forward(...inputs) as { logits: tf.Tensor }).logits
    expectClose(logits(read), logits(model))
    expect(await saveCheckpoint(read, again, context())).toEqual(written)
  })

  it('is read from several files with an index', async () => {
    const all = await files(spec)
    const tensors = [...readSafetensors(all.get('model.safetensors')!).tensors]
    const parts = [tensors.slice(0, 3), tensors.slice(3)]
    const name = (i: number) => `model-0000${i + 1}-of-00002.safetensors`
    const shards = new Map([
      ['config.json', all.get('config.json')!],
      [
        'model.safetensors.index.json',
        json({ weight_map: Object.fromEntries(parts.flatMap((part, i) => part.map(([key]) => [key, name(i)]))) }),
      ],
      ...parts.map((part, i): [string, Uint8Array] => [name(i), writeSafetensors(new Map(part))]),
    ])
    const { model } = await loadCheckpoint(from(shards), context())
    expect([...(await stateDict(model))]).toEqual([...(await stateDict(build(spec)))])
    shards.delete(name(1))
    await expect(loadCheckpoint(from(shards), context())).rejects.toThrow(
      /expected the file model-00002-of-00002\.safetensors, got none/,
    )
  })
})

describe('loadCheckpoint', () => {
  it('reads the weights one by one where the folder can open files, and closes them', async () => {
    const all = await files(gpt2)
    const [read, reads, closed]: [string[], number[], string[]] = [[], [], []]
    const folder: FileFolder = {
      read: async (file) => {
        read.push(file)
        return all.get(file)
      },
      open: async (file) => {
        const bytes = all.get(file)
        if (bytes === undefined) return undefined
        const { size, read } = fileOfBytes(bytes)
        return {
          size,
          read: (begin, end) => {
            reads.push(end - begin)
            return read(begin, end)
          },
          close: async () => void closed.push(file),
        }
      },
    }
    const { model } = await loadCheckpoint(folder, context())
    expect([...(await stateDict(model))]).toEqual([...(await stateDict(build(gpt2)))])
    expect([read, closed]).toEqual([['config.json'], ['model.safetensors']])
    const largest = Math.max(
      ...[...readSafetensors(all.get('model.safetensors')!).tensors.values()].map(({ bytes }) => bytes.length),
    )
    expect(Math.max(...reads.slice(2))).toBe(largest)
  })

  it('lists all that is missing, unexpected or of another shape, and leaves nothing behind', async () => {
    const broken = await changed(gpt2, {
      weights: (tensors) => {
        tensors.set('transformer.ln_f.wieght', tensors.get('transformer.ln_f.weight')!)
        tensors.delete('transformer.ln_f.weight')
        tensors.delete('transformer.h.1.mlp.c_fc.bias')
        tensors.set('transformer.wpe.weight', floatTensor([2, 8], new Float32Array(16)))
      },
    })
    const before = tf.memory().numTensors
    const problem = loadCheckpoint(from(broken), context())
    await expect(problem).rejects.toMatchObject({ code: 'state-dict' })
    for (const part of [
      "missing 'transformer.h.1.mlp.c_fc.bias'",
      "missing 'transformer.ln_f.weight'",
      "unexpected 'transformer.ln_f.wieght' (is it 'transformer.ln_f.weight'?)",
      "'transformer.wpe.weight': expected [16,8], got [2,8]",
    ]) {
      await expect(problem).rejects.toThrow(part)
    }
    expect(tf.memory().numTensors).toBe(before)
  })

  it('reads half-precision weights', async () => {
    const half = await changed(gpt2, {
      weights: (tensors) => {
        // 1.0 as float16 and as bfloat16.
        tensors.set('transformer.ln_f.weight', {
          dtype: 'F16',
          shape: [8],
          bytes: new Uint8Array(8 * 2).map((_, i) => (i % 2 ? 0x3c : 0)),
        })
        tensors.set('transformer.ln_f.bias', {
          dtype: 'BF16',
          shape: [8],
          bytes: new Uint8Array(8 * 2).map((_, i) => (i % 2 ? 0x3f : 0x80)),
        })
      },
    })
    const { model } = await loadCheckpoint(from(half), context())
    const state = await stateDict(model)
    for (const name of ['norm.weight', 'norm.bias']) {
      expect(state.get(name)).toEqual(floatTensor([8], new Float32Array(8).fill(1)))
    }
  })

  it('knows the names of older files: a trunk alone, masks, a tied head', async () => {
    const old = await changed(gpt2, {
      weights: (tensors) => {
        for (const [name, tensor] of [...tensors]) {
          tensors.delete(name)
          tensors.set(name.replace('transformer.', ''), tensor)
        }
        tensors.set('h.0.attn.bias', { dtype: 'U8', shape: [1], bytes: new Uint8Array(1) })
        tensors.set('h.0.attn.masked_bias', floatTensor([], new Float32Array(1)))
        tensors.set('lm_head.weight', tensors.get('wte.weight')!)
      },
    })
    const { model } = await loadCheckpoint(from(old), context())
    expect([...(await stateDict(model))]).toEqual([...(await stateDict(build(gpt2)))])
  })

  it.each([
    [gpt2, { model_type: 'gpt3' }, /expected a model_type that Heddle reads, got "gpt3".*'gpt2'/],
    [gpt2, { scale_attn_by_inverse_layer_idx: true }, /'scale_attn_by_inverse_layer_idx'/],
    [gpt2, { activation_function: 'mish', n_layer: 'two' }, /'n_layer'.*'activation_function'/],
    [llama, { rope_parameters: { rope_type: 'yarn', rope_theta: 1e4 } }, /'rope_parameters\.rope_type'/],
    [llama, { rope_scaling: { type: 'linear', factor: 2 } }, /'rope_scaling'/],
    [llama, { attention_bias: true }, /'attention_bias'/],
  ])('refuses settings that no model of ours has: %#', async (spec, config, message) => {
    await expect(loadCheckpoint(from(await changed(spec, { config })), context())).rejects.toThrow(message)
  })

  it('says which file is missing or malformed', async () => {
    const all = await files(gpt2)
    const without = (name: string) => from(new Map([...all].filter(([file]) => file !== name)))
    await expect(loadCheckpoint(without('config.json'), context())).rejects.toThrow(/expected config\.json, got none/)
    await expect(loadCheckpoint(without('model.safetensors'), context())).rejects.toThrow(
      /expected model\.safetensors or model\.safetensors\.index\.json, got none/,
    )
    const malformed = new Map([...all, ['config.json', new TextEncoder().encode('{')] as const])
    await expect(loadCheckpoint(from(malformed), context())).rejects.toThrow(/config\.json: expected JSON/)
  })
})

describe('saveCheckpoint', () => {
  it.each([
    [{ positions: 'alibi' }],
    [{ residual: 'post-norm' }],
    [{ attention: { window: 4 } }],
    [{ norm: { type: 'layer-norm', bias: false } }],
  ])('refuses a model that transformers does not have: %j', async (other) => {
    const spec = { ...gpt2, ...other } as PartSpec
    await expect(saveCheckpoint(build(spec), spec, context())).rejects.toThrow(
      /expected a model with the parts of gpt2, llama, qwen3, marian/,
    )
  })
})
