/**
 * Trains the recipes that fine-tune a BERT for a few steps, writes each run as a folder of transformers with the logits of one batch,
 * and the names of its labels, for `check_checkpoints.py`: `node --conditions=source tools/reference/save-fine-tuned.ts FOLDER`.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createRegistry, floatTensor, type PartSpec, writeSafetensors } from '@heddle/core'
import { setTraining } from '@heddle/layers'
import { stdPlugins } from '@heddle/std'
import { exportRun, mergeSettings, openRun, trainRun } from '@heddle/tasks'
import { MemoryStore } from '@heddle/trainer'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'

const [, , folder] = process.argv
if (folder === undefined) throw new Error('save-fine-tuned: expected a folder, got none. Name one to write to.')

const registry = createRegistry(stdPlugins)
const encoder = { numLayers: 2, hiddenSize: 16, numHeads: 4, initializerRange: 0.3 }
const small = {
  model: { encoder },
  tokenizer: { vocabSize: 100 },
  training: { steps: 3, batchSize: 4, evaluateEvery: 3 },
}
const data = { count: 120, validation: 8, test: 20 }
const runs = {
  'bert-classify': { type: 'bert-classify', data },
  'bert-pairs': { type: 'bert-pairs', data, model: { encoder: { pooling: 'pooler' } } },
  'bert-pairs-scores': {
    ...{ type: 'bert-pairs', data: { ...data, builtIn: 'scores' } },
    model: { encoder: { pooling: 'pooler' } },
  },
  'bert-tag': { type: 'bert-tag', data },
  'bert-answer': { type: 'bert-answer', data },
}
const [B, T] = [2, 7]
const inputs = {
  ids: tf.tensor([2, 6, 7, 8, 9, 10, 3, 2, 13, 14, 3, 0, 0, 0], [B, T], 'int32'),
  lengths: tf.tensor([7, 4], [B], 'int32'),
  segments: tf.tensor([0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], [B, T], 'int32'),
}

for (const [name, recipe] of Object.entries(runs)) {
  const store = new MemoryStore()
  const trained = await trainRun({ registry, store, recipe: mergeSettings(recipe, small) as PartSpec })
  trained.task.dispose()
  const where = join(folder, name)
  await mkdir(where, { recursive: true })
  for (const [file, bytes] of await exportRun({ store, registry })) await writeFile(join(where, file), bytes)
  const { task } = await openRun({ store, registry })
  setTraining(task.model, false)
  const outputs = task.model.forward(inputs.ids, inputs.lengths, inputs.segments) as Record<string, tf.Tensor>
  const { features: _, ...logits } = outputs
  const tensors = new Map<string, ReturnType<typeof floatTensor>>()
  for (const [key, tensor] of Object.entries({ ...logits, ...inputs })) {
    tensors.set(key, floatTensor(tensor.shape, Float32Array.from(await tensor.data())))
  }
  await writeFile(join(where, 'heddle.safetensors'), writeSafetensors(tensors))
  const labels = task.files.get('labels.json')
  if (labels !== undefined) await writeFile(join(where, 'heddle-labels.json'), JSON.stringify(labels))
}
