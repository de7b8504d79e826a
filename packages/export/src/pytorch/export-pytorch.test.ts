import { createRegistry, type PartSpec, readSafetensors, writeSafetensors } from '@heddle/core'
import { Module, namedParameters, type PyTorchSource, pyTorchModule } from '@heddle/layers'
import { stdPlugins } from '@heddle/std'
import { openRun, trainingBatches, trainRun } from '@heddle/tasks'
import { MemoryStore } from '@heddle/trainer'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { exportPyTorch } from './export-pytorch.ts'
import { importPyTorch } from './import-pytorch.ts'
import { describeModel } from './python-file.ts'

const registry = createRegistry(stdPlugins)
const training = { steps: 2, evaluateEvery: 2, batchSize: 4, warmupSteps: 1 }
const recipe = (type: string, model: object, settings: object = {}, data: object = { count: 60 }): PartSpec => ({
  ...{ type, data, model: { hiddenSize: 4, ...model }, training },
  ...settings,
})

/** Weights by PyTorch's names, as torch.nn names and shapes them. */
const runs: Readonly<Record<string, [PartSpec, Readonly<Record<string, readonly number[]>>]>> = {
  classifier: [
    recipe('names', { embeddingSize: 3, cell: 'lstm', bidirectional: true, numLayers: 2, dropout: 0 }),
    {
      'recurrent.network.weight_ih_l0': [16, 3],
      'recurrent.network.weight_hh_l1_reverse': [16, 4],
      'recurrent.network.bias_ih_l1': [16],
      'output.weight': [8, 8],
    },
  ],
  seq2seq: [
    recipe('translate', { embeddingSize: 3, attention: 'additive', dropout: 0 }, { decoding: { maxLength: 2 } }),
    {
      'encoder.recurrent.network.weight_ih_l0_reverse': [6, 3],
      'decoder.attention.query.weight': [4, 4],
      'decoder.recurrent.network.weight_ih_l0': [12, 7],
      'decoder.readout.weight': [4, 11],
    },
  ],
  transformer: [
    recipe(
      'translate',
      {
        type: 'transformer-seq2seq',
        numHeads: 2,
        numLayers: 1,
        positions: 'learned',
        encoder: { maxPositions: 40 },
        sharedEmbeddings: true,
      },
      { decoding: { maxLength: 2 }, tokenizer: { shared: true } },
    ),
    {
      'encoder.input.positions.weight': [40, 4],
      'encoder.layers.0.feed_forward.input.weight': [16, 4],
      'decoder.layers.0.cross_attention.key.weight': [4, 4],
    },
  ],
  dropped: [
    recipe('names', { embeddingSize: 3, cell: 'gru', dropout: 0.1, pooling: 'mean' }),
    { 'recurrent.network.weight_ih_l0': [12, 3] },
  ],
}

describe('a run for PyTorch', () => {
  beforeAll(() => tf.setBackend('cpu'))

  for (const [name, [spec, expected]] of Object.entries(runs)) {
    it(`${name}: every weight under the name and in the shape of torch.nn, and back bit for bit`, async () => {
      const store = new MemoryStore()
      ;(await trainRun({ registry, store, recipe: spec })).task.dispose()
      const run = await openRun({ store, registry })
      const batches = await trainingBatches(run, registry, {}, 2)
      const before = tf.memory().numTensors
      const { files, notes } = await exportPyTorch({ run, registry, read: (path) => store.read(path), batches })
      expect(tf.memory().numTensors).toBe(before)
      expect(notes.some((note) => note.startsWith('dropout'))).toBe(name === 'dropped')
      const { tensors } = readSafetensors(files.get('model.safetensors')!)
      for (const [weight, shape] of Object.entries(expected)) expect(tensors.get(weight)?.shape, weight).toEqual(shape)
      expect(tensors.size).toBe(namedParameters(run.task.model).length)
      const { tensors: saved } = readSafetensors(files.get('batches.safetensors')!)
      expect([...saved.keys()]).toContain('1.labels')
      const settings = JSON.parse(new TextDecoder().decode(files.get('training.json')))
      expect(settings.learningRates).toHaveLength(2)
      const grouped = settings.groups.flatMap(({ names }: { names: string[] }) => names)
      expect(grouped.sort()).toEqual([...tensors.keys()].sort())
      const back = await importPyTorch({ read: async (path) => files.get(path) }, registry, 'exported')
      expect(back.get('model.safetensors')).toEqual(await store.read('model.safetensors'))
      expect(back.get('config.json')).toEqual(await store.read('config.json'))
      expect([...back.keys()].sort()).toEqual(['config.json', 'model.safetensors', ...run.task.files.keys()].sort())
      for (const batch of batches.batches) tf.dispose([...batch.values()])
      run.task.dispose()
    })
  }

  it('a folder with other weights is refused, with all that is wrong', async () => {
    const store = new MemoryStore()
    ;(await trainRun({ registry, store, recipe: runs['classifier']![0] })).task.dispose()
    const run = await openRun({ store, registry })
    const read = (path: string) => store.read(path)
    const reason = new Error('enough')
    await expect(exportPyTorch({ run, registry, read, signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const { files } = await exportPyTorch({ run, registry, read })
    expect(files.has('train.py')).toBe(false)
    const { tensors } = readSafetensors(files.get('model.safetensors')!)
    const bias = tensors.get('output.bias')!
    tensors.delete('output.bias')
    tensors.set('output.bais', bias)
    tensors.set('embedding.weight', bias)
    const changed = new Map([...files, ['model.safetensors', writeSafetensors(tensors)]])
    const reading = importPyTorch({ read: async (path) => changed.get(path) }, registry, 'exported')
    await expect(reading).rejects.toThrow(
      /'embedding\.weight': expected \[\d+,3\], got \[8\]; missing 'output\.bias'; unknown 'output\.bais' \(is it 'output\.bias'\?\)/s,
    )
    const other = importPyTorch({ read: async () => undefined }, registry, 'elsewhere')
    await expect(other).rejects.toThrow('elsewhere: expected a folder of heddle export --to pytorch')
    run.task.dispose()
  })
})

it('a part that does not describe itself is named with its path', async () => {
  class Plain extends Module {
    forward() {}
  }
  class Holder extends Module {
    readonly deep = { part: new Plain() }
    forward() {}
    toPyTorch(source: PyTorchSource) {
      return pyTorchModule(this.deep.part, source)
    }
  }
  await expect(describeModel(new Holder())).rejects.toThrow(
    'PyTorch: expected deep.part (Plain) to describe itself with toPyTorch',
  )
})
