import { HeddleError, periodicYield, RandomStream, type Registry } from '@heddle/core'
import { adaptedLayers, mergeAdapters, pretrainedPoint } from '@heddle/layers'
import type { RunStore } from '@heddle/trainer'
import type { TaskConfig } from '../task/define-task.ts'
import type { Settings } from '../task/settings.ts'
import type { Task } from '../task/task.ts'
import { openRun } from './open-run.ts'

export interface ExportRunOptions {
  readonly store: RunStore
  readonly registry: Registry
  /** Name for messages, such as the run's folder. */
  readonly name?: string
  /** Layout of the folder (default: that of transformers). */
  readonly layout?: string
  /** For a run with adapters: the model with them merged into its weights, or the adapters alone. */
  readonly adapters?: 'merged' | 'alone' | undefined
  /** Name or folder of the base model that adapters alone belong to. */
  readonly baseModel?: string | undefined
  /** Ends it while the run is read, and between reading and writing, with its reason. */
  readonly signal?: AbortSignal | undefined
}

/**
 * The files of a trained run as another library reads them: settings, weights, tokenizer and labels in the layout of transformers,
 * or adapters in that of peft.
 *
 * @throws HeddleError `config`, saying what differs, for a model or tokenizer that the layout does not have; `usage` for a run with
 * adapters and no word on what becomes of them; or as {@link openRun}
 */
export async function exportRun(options: ExportRunOptions): Promise<ReadonlyMap<string, Uint8Array>> {
  const { store, registry, name = 'run', layout = 'hugging-face', adapters, baseModel, signal } = options
  const format = registry.create(pretrainedPoint, { type: layout }, undefined)
  const { task } = await openRun({ store, registry, name, signal })
  try {
    await periodicYield(signal, 0)()
    const { model, modelSpec } = task
    const context = { registry, rng: new RandomStream(1) }
    const hasAdapters = adaptedLayers(model).length > 0
    if (hasAdapters !== (adapters !== undefined)) {
      throw new HeddleError(
        'usage',
        hasAdapters
          ? `${name}: expected to hear what becomes of the run's adapters, got nothing. Merge them into the weights, or export them alone.`
          : `${name}: expected a run with adapters, got one without. Export the whole model.`,
      )
    }
    if (adapters === 'alone') return await format.saveAdapters(model, modelSpec, context, { baseModel })
    mergeAdapters(model).dispose()
    const config = format.config(modelSpec, context)
    const { files, fields } = assetsOf(task, name)
    // What the model takes for padding decides, as RoBERTa counts its positions by it.
    const ids = {
      ...fields,
      ...(typeof config['pad_token_id'] === 'number' && { pad_token_id: config['pad_token_id'] }),
    }
    return new Map([...(await format.save(model, modelSpec, context, ids)), ...generationOf(task, ids), ...files])
  } finally {
    task.dispose()
  }
}

/** The shares of all assets together. @throws HeddleError `config` for assets that the layout cannot hold side by side */
function assetsOf(task: Task, name: string) {
  const files = new Map<string, Uint8Array>()
  const origins = new Map<string, string>()
  const fields: Record<string, unknown> = {}
  for (const [asset, exported] of task.exportedAssets) {
    for (const [path, bytes] of exported.files ?? []) {
      const before = files.get(path)
      if (before !== undefined && !sameBytes(before, bytes)) {
        throw new HeddleError(
          'config',
          `${name}: expected one ${path}, got different ones from ${origins.get(path)} and ${asset}. Train with one tokenizer for both, such as tokenizer.shared.`,
        )
      }
      files.set(path, bytes)
      origins.set(path, asset)
    }
    Object.assign(fields, exported.fields)
  }
  return { files, fields }
}

const sameBytes = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, i) => byte === b[i])

/** generation_config.json of a model that writes texts: the ids that frame them, and the search of the task's settings. */
function generationOf(task: Task, fields: Readonly<Record<string, unknown>>): [string, Uint8Array][] {
  if (!('step' in task.model)) return []
  const { maxLength, beamWidth } = ((task.config as TaskConfig & Settings)['decoding'] ?? {}) as {
    maxLength?: number
    beamWidth?: number
  }
  const ids = ['bos_token_id', 'eos_token_id', 'pad_token_id', 'decoder_start_token_id']
  const content = {
    ...Object.fromEntries(ids.flatMap((key) => (key in fields ? [[key, fields[key]]] : []))),
    ...(maxLength !== undefined && { max_new_tokens: maxLength }),
    ...(beamWidth !== undefined && { num_beams: beamWidth }),
  }
  return [['generation_config.json', new TextEncoder().encode(`${JSON.stringify(content, null, 2)}\n`)]]
}
