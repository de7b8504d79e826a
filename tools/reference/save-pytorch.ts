/**
 * Trains a small run of every kind of model, exports each to PyTorch, and writes what Heddle computes from there for
 * `check_pytorch.py`: `node --conditions=source tools/reference/save-pytorch.ts FOLDER [NAME…]`.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createRegistry, floatTensor, type PartSpec, writeSafetensors } from '@heddle/core'
import { exportPyTorch, importPyTorch } from '@heddle/export'
import { setTraining } from '@heddle/layers'
import { stdPlugins } from '@heddle/std'
import { buildOptimizer, buildSchedule, openRun, trainingBatches, trainRun } from '@heddle/tasks'
import { type BatchSource, MemoryStore, type Objective, Trainer } from '@heddle/trainer'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
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
  const back = await importPyTorch({ read: async (path) => files.get(path) }, registry, name)
  if (!Buffer.from(back.get('model.safetensors')!).equals((await store.read('model.safetensors'))!)) {
    throw new Error(`${name}: expected the weights of the run on the way back, got others`)
  }

  const { model, pipeline, config } = run.task
  if (!('objective' in pipeline.learning)) throw new Error(`${name}: expected a run that trains in steps`)
  const { objective } = pipeline.learning
  setTraining(model, false)
  const first = nested(batches.batches[0]!)
  const result = model.forward(...argumentsOf(first, run.task.modelSpec.type)) as Record<string, tf.Tensor> | tf.Tensor
  const logits = result instanceof tf.Tensor ? result : (result['logits'] ?? result['startLogits'])!
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
  const numMoved = (batch['moved'] as tf.Tensor | undefined)?.dataSync<'float32'>().reduce((sum, each) => sum + each, 0)
  const lengths = labels && lengthsOf(labels)
  const numKnown = lengths?.reduce((sum, length) => sum + length, 0)
  return { ...(lengths && { lengths }), ...batch, numMoved, numTokens: labels?.size, numKnown, numLabels: numKnown }
}

/** Number of labels of each row; those past its end are below 0. */
function lengthsOf(labels: tf.Tensor): Int32Array {
  const ids = labels.dataSync()
  const width = labels.size / labels.shape[0]!
  return Int32Array.from(
    { length: labels.shape[0]! },
    (_, b) => ids.slice(b * width, (b + 1) * width).filter((id) => id >= 0).length,
  )
}

/** The tensors of a batch that the model's `forward` takes, as check_pytorch.py hands them over. */
function argumentsOf(
  { inputs, ids, source, lengths, input, x, segments, places, starts, causal }: Batch,
  type: string,
): unknown[] {
  // A tagger of word pieces reads tokens; the places of the words are for the loss.
  if (inputs !== undefined) return type === 'tagger' ? inputs.slice(0, 2) : inputs
  if (places !== undefined) return [ids, lengths, { segments, places, causal: causal !== undefined }]
  if (starts !== undefined) return [ids, lengths, segments]
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
