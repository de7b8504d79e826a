import { HeddleError, periodicYield, type Registry, writeSafetensors } from '@heddle/core'
import { adaptedLayers, mergeAdapters, namedParameters, stateDict } from '@heddle/layers'
import { buildOptimizer, type Run, type TrainingBatches } from '@heddle/tasks'
import { describeModel, modelFile } from './python-file.ts'
import { type TrainingFile, trainFile } from './train-file.ts'
import { batchTensors, stepSettings } from './training-files.ts'
import { toPyTorchWeights } from './weights.ts'

/** Folder of an export in which the run's own files are, for the way back. */
export const RUN_FOLDER = 'heddle'

export interface ExportPyTorchOptions {
  readonly run: Run
  readonly registry: Registry
  /** Reads a file of the run, such as `config.json`. */
  read(path: string): Promise<Uint8Array | undefined>
  /** Training batches for `train.py`; without them there is no such file. */
  readonly batches?: TrainingBatches | undefined
  /** Whether the run's adapters are merged into the weights; a run with adapters needs it. */
  readonly mergeAdapters?: boolean
  /** Ends it between its files, with its reason. */
  readonly signal?: AbortSignal | undefined
}

export interface PyTorchFiles {
  readonly files: ReadonlyMap<string, Uint8Array>
  /** Differences that a user should know of. */
  readonly notes: readonly string[]
}

/**
 * A trained run as PyTorch code: `model.py` with the architecture, `model.safetensors` with its weights, `train.py`, `training.json`
 * and `batches.safetensors` to train further, and the run's own files in `heddle/`, which {@link importPyTorch} needs.
 *
 * @throws HeddleError `config` for a part that does not describe itself
 */
export async function exportPyTorch(options: ExportPyTorchOptions): Promise<PyTorchFiles> {
  const { run, registry, read, batches } = options
  const { task, config } = run
  const { model, pipeline } = task
  if (!('objective' in pipeline.learning)) {
    throw new HeddleError(
      'config',
      `${task.where}: expected a model that trains in steps, got one that is fitted in one pass. It has no counterpart in PyTorch.`,
    )
  }
  if (adaptedLayers(model).length > 0) {
    if (options.mergeAdapters !== true) {
      throw new HeddleError(
        'usage',
        `${task.where}: expected to hear what becomes of the run's adapters, got nothing. Merge them into the weights.`,
      )
    }
    mergeAdapters(model).dispose()
  }
  const yieldNow = periodicYield(options.signal, 0)
  await yieldNow()
  const described = await describeModel(model)
  await yieldNow()
  const weights = toPyTorchWeights(await stateDict(model), described.weights)
  const files = new Map<string, Uint8Array>()
  const addText = (path: string, text: string) => files.set(path, new TextEncoder().encode(text))
  addText('model.py', modelFile(described, `The model '${task.modelSpec.type}' of a run of Heddle, for PyTorch.`))
  files.set('model.safetensors', writeSafetensors(weights, { format: 'pt' }))
  const notes: string[] = []
  await yieldNow()
  if (batches !== undefined) {
    const { pyTorch: loss } = pipeline.learning.objective
    if (loss === undefined) {
      throw new HeddleError(
        'config',
        `${task.where}: expected an objective that describes itself with pyTorch, got one without it. Export without batches.`,
      )
    }
    const optimizer = buildOptimizer(task.config.training, model, registry)
    try {
      const { expression, settings, note } = trainingOf(run, registry, optimizer, described.weights, batches)
      if (note !== undefined) notes.push(note)
      addText('train.py', trainFile(loss, expression))
      addText('training.json', `${JSON.stringify(settings, null, 1)}\n`)
    } finally {
      optimizer.dispose()
    }
    files.set('batches.safetensors', writeSafetensors(await batchTensors(batches)))
  }
  for (const path of ['config.json', ...task.files.keys()]) {
    const bytes = await read(path)
    if (bytes !== undefined) files.set(`${RUN_FOLDER}/${path}`, bytes)
  }
  notes.push(...(batches === undefined ? [] : leftOut(task.config.training)))
  if (config.task['training'] !== undefined && hasDropout(task.modelSpec)) {
    notes.push('dropout draws other numbers in PyTorch: losses of training differ from those of Heddle by it')
  }
  return { files, notes }
}

/** Settings of a run's training that train.py does without. */
function leftOut({ accumulate, averaging }: Run['task']['config']['training']): string[] {
  const names = [...(accumulate > 1 ? ['accumulate'] : []), ...(averaging === undefined ? [] : ['averaging'])]
  return names.map(
    (name) => `train.py leaves out training.${name}: one batch makes one update of the weights themselves`,
  )
}

/** Whether a model's settings have a dropout above 0. */
function hasDropout(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([key, each]) =>
    typeof each === 'number' ? /dropout$/i.test(key) && each > 0 : hasDropout(each),
  )
}

function trainingOf(
  run: Run,
  registry: Registry,
  optimizer: ReturnType<typeof buildOptimizer>,
  weights: readonly { readonly name: string; readonly path: string }[],
  { batches }: TrainingBatches,
): { expression: string; settings: TrainingFile; note?: string } {
  const { model, config } = run.task
  const names = new Map(weights.map(({ name, path }) => [path, name]))
  const parameters = new Map(namedParameters(model))
  const grouped =
    optimizer.grouped ?? [...parameters.keys()].map((path) => ({ path, learningRateFactor: 1, weightDecay: 0 }))
  const groups = new Map<string, { learningRateFactor: number; weightDecay: number; names: string[] }>()
  for (const { path, learningRateFactor, weightDecay } of grouped) {
    if (!parameters.get(path)!.trainable) continue
    const key = `${learningRateFactor} ${weightDecay}`
    const group = groups.get(key) ?? { learningRateFactor, weightDecay, names: [] }
    groups.set(key, group)
    group.names.push(names.get(path)!)
  }
  const replaced = optimizer.pyTorch === undefined
  return {
    expression: optimizer.pyTorch ?? 'torch.optim.AdamW(groups)',
    settings: {
      batches: batches.length,
      ...stepSettings(run, registry),
      groups: [...groups.values()],
      frozen: [...parameters].flatMap(([path, { trainable }]) => (trainable ? [] : [names.get(path)!])),
    },
    ...(replaced && {
      note: `train.py uses AdamW, as the run's optimizer '${config.training.optimizer.type}' has no counterpart in PyTorch`,
    }),
  }
}
