/**
 * Trains a small run of every kind of recurrent model, exports each to PyTorch, and writes what Heddle computes from there for
 * `check_pytorch.py`: `node --conditions=source tools/reference/save-pytorch.ts FOLDER [NAME…]`.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createRegistry, floatTensor, type PartSpec, writeSafetensors } from '@heddle/core'
import { exportPyTorch } from '@heddle/export'
import { setTraining } from '@heddle/layers'
import { stdPlugins } from '@heddle/std'
import { buildOptimizer, buildSchedule, openRun, trainingBatches, trainRun } from '@heddle/tasks'
import { type BatchSource, MemoryStore, type Objective, Trainer } from '@heddle/trainer'
import '@tensorflow/tfjs-backend-cpu'
import type * as tf from '@tensorflow/tfjs-core'
import { pythonCases } from './python-cases.ts'

const STEPS = 6
const [, , folder, ...wanted] = process.argv
if (folder === undefined) throw new Error('save-pytorch: expected a folder, got none. Name one to write to.')
const registry = createRegistry(stdPlugins)

for (const [name, spec] of Object.entries(pythonCases)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  console.log(name)
  const store = new MemoryStore()
  const trained = await trainRun({ registry, store, name, recipe: spec as unknown as PartSpec })
  trained.task.dispose()
  const run = await openRun({ store, registry, name })
  const batches = await trainingBatches(run, registry, {}, STEPS)
  const { files } = await exportPyTorch({ run, registry, read: (path) => store.read(path), batches })
  for (const [path, bytes] of files) await write(join(folder, name, path), bytes)
  await write(join(folder, name, 'run/model.safetensors'), (await store.read('model.safetensors'))!)

  const { model, pipeline, config } = run.task
  if (!('objective' in pipeline.learning)) throw new Error(`${name}: expected a run that trains in steps`)
  const { objective } = pipeline.learning
  setTraining(model, false)
  const first = nested(batches.batches[0]!)
  const result = model.forward(...argumentsOf(first)) as { logits: tf.Tensor } | tf.Tensor
  const logits = 'logits' in result ? result.logits : result
  const values = floatTensor(logits.shape, (await logits.data()) as Float32Array)
  await write(join(folder, name, 'heddle.safetensors'), writeSafetensors(new Map([['logits', values]])))

  const losses: number[] = []
  const trainer = new Trainer({
    model,
    objective: { ...onBatches(objective) },
    train: source(batches.batches),
    optimizer: buildOptimizer(config.training, model, registry),
    schedule: buildSchedule(config.training, registry, 'min'),
    ...(config.training.clipNorm !== null && { clipNorm: config.training.clipNorm }),
    steps: STEPS,
    events: { onStep: ({ loss }) => losses.push(loss) },
  })
  await trainer.train()
  await write(join(folder, name, 'heddle.json'), Buffer.from(JSON.stringify(losses)))
  run.task.dispose()
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, bytes)
}

type Batch = Record<string, unknown> & { inputs?: tf.Tensor[] }

/** A batch from its tensors by path. */
function nested(tensors: ReadonlyMap<string, tf.Tensor>): Batch {
  const batch: Batch = {}
  for (const [path, tensor] of tensors) {
    const [key, index] = path.split('.') as [string, string?]
    if (index === undefined) batch[key] = key === 'startsStream' ? tensor.dataSync()[0] === 1 : tensor
    else
      (batch[key] as tf.Tensor[] | undefined) === undefined
        ? (batch[key] = [tensor])
        : (batch[key] as tf.Tensor[]).push(tensor)
  }
  const labels = batch['labels'] as tf.Tensor | undefined
  return { ...batch, numTokens: labels?.size, numKnown: labels?.size, numLabels: labels?.size }
}

/** The tensors of a batch that the model's `forward` takes. */
function argumentsOf({ inputs, ids, source, lengths, input, x }: Batch): unknown[] {
  if (inputs !== undefined) return inputs
  if (ids !== undefined) return [ids]
  return x === undefined ? [source, lengths, input] : [x]
}

function onBatches(objective: Objective<unknown, unknown>): Objective<ReadonlyMap<string, tf.Tensor>, unknown> {
  return {
    collate: ([tensors]) => nested(tensors!),
    loss: (batch, context) => objective.loss(batch, context),
    restore: (state) => objective.restore?.(state),
  }
}

function source<T>(items: readonly T[]): BatchSource<T> {
  let at = 0
  return { next: () => [items[at++]!], epoch: 0, batchesPerEpoch: items.length, state: () => at, restore() {} }
}
