import { floatTensor, intTensor, type RawTensor, type Registry, writeSafetensors } from '@heddle/core'
import { buildSchedule, type Run, type TrainingBatches } from '@heddle/tasks'
import { isAdaptive, optimizerPoint } from '@heddle/trainer'

/** Folder within the export. */
const TRAINING_FOLDER = 'training'

export interface TrainingFilesOptions {
  readonly run: Run
  readonly registry: Registry
  readonly batches: TrainingBatches
}

/**
 * The first batches of a run and its settings of training, for scripts in other languages: `training/batches.safetensors` with a
 * tensor `3.labels` for the labels of batch 3, and `training/training.json` with the learning rate of each step, the limits of
 * the gradient and the optimizer with all its settings.
 */
export async function trainingFiles({
  run,
  registry,
  batches,
}: TrainingFilesOptions): Promise<Map<string, Uint8Array>> {
  const { optimizer: spec } = run.task.config.training
  const optimizer = { type: spec.type, ...(registry.configOf(optimizerPoint, spec) as object) }
  const settings = { batches: batches.batches.length, ...stepSettings(run, registry), optimizer }
  return new Map([
    [`${TRAINING_FOLDER}/training.json`, new TextEncoder().encode(`${JSON.stringify(settings, null, 1)}\n`)],
    [`${TRAINING_FOLDER}/batches.safetensors`, writeSafetensors(await batchTensors(batches))],
  ])
}

/** Settings of each step: limits of the gradient, or null for none, and learning rates. */
export function stepSettings({ task }: Run, registry: Registry) {
  const { training } = task.config
  const schedule = buildSchedule(training, registry, 'min')
  // A schedule that follows the validation metric has one rate until it has seen some.
  const steps = isAdaptive(schedule) ? 1 : training.steps
  return {
    clipNorm: training.clipNorm,
    clipValue: training.clipValue ?? null,
    learningRates: Array.from({ length: steps }, (_, step) => schedule(step)),
  }
}

/** The tensors of all batches by `number.path`. */
export async function batchTensors({ batches }: TrainingBatches): Promise<Map<string, RawTensor>> {
  const tensors = new Map<string, RawTensor>()
  for (const [i, batch] of batches.entries()) {
    for (const [path, tensor] of batch) {
      const values = await tensor.data()
      const raw =
        tensor.dtype === 'float32'
          ? floatTensor(tensor.shape, values as Float32Array)
          : intTensor(tensor.shape, Int32Array.from(values))
      tensors.set(`${i}.${path}`, raw)
    }
  }
  return tensors
}
