import { isAbsolute } from 'node:path'
import { HeddleError, type Registry } from '@heddle/core'
import { exportOnnx, exportPyTorch, trainingFiles } from '@heddle/export'
import { exportRun, openRun, type RunConfig, readRunConfig, shellWord, trainingBatches } from '@heddle/tasks'
import { FolderStore } from '@heddle/trainer/node'
import { type BackendOptions, startBackend } from '../backend.ts'
import type { DataOptions } from '../data-files.ts'
import type { Output } from '../output.ts'
import { dataOfRun } from '../run-data.ts'
import { existingRun, requireFreeFolder } from '../run-folder.ts'
import { writeFolder } from '../write-folder.ts'

export interface ExportCommandOptions extends BackendOptions, DataOptions {
  readonly out: string
  readonly to: ExportFormat
  /** Number of training batches to write (default: 100 for PyTorch's train.py, none for transformers). */
  readonly batches?: number
  readonly mergeAdapters?: boolean
  readonly adaptersOnly?: boolean
  readonly base?: string
}

export const exportFormats = ['transformers', 'pytorch', 'onnx'] as const
type ExportFormat = (typeof exportFormats)[number]

/** `heddle export`: a run as a folder for another library. */
export async function exportCommand(
  directory: string,
  options: ExportCommandOptions,
  registry: Registry,
  output: Output,
): Promise<void> {
  const { to, batches, adaptersOnly = false, base } = options
  if (to !== 'transformers' && (adaptersOnly || base !== undefined)) {
    throw new HeddleError(
      'usage',
      `export --to ${to}: expected no --adapters-only and no --base, which are for peft. Merge the adapters with --merge-adapters.`,
    )
  }
  if (to === 'onnx' && (batches !== undefined || options.data.length > 0)) {
    throw new HeddleError(
      'usage',
      'export --to onnx: expected no --batches and no --data, as graphs do not train, got some. Leave them out.',
    )
  }
  const commands = { transformers: exportToTransformers, pytorch: exportToPyTorch, onnx: exportToOnnx }
  await commands[to](directory, options, registry, output)
}

/** A run as PyTorch code, with weights, training script and batches. */
async function exportToPyTorch(
  directory: string,
  options: ExportCommandOptions,
  registry: Registry,
  output: Output,
): Promise<void> {
  const { out, mergeAdapters = false, batches: count = 100 } = options
  const folder = await existingRun(directory)
  await requireFreeFolder(out)
  const store = new FolderStore(folder)
  const origin = await readRunConfig(store, registry, folder)
  const given = count === 0 ? undefined : await dataOfRun(options, origin, folder)
  await startBackend(options, (line) => output.line(line))
  const run = await openRun({ store, registry, name: folder })
  const batches = given && (await trainingBatches(run, registry, given, count))
  const read = (path: string) => store.read(path)
  const { files, notes } = await exportPyTorch({ run, registry, read, batches, mergeAdapters })
  await writeFolder(out, files)
  output.line(`${out}: ${[...files.keys()].join(', ')}, for PyTorch`)
  for (const note of notes) output.line(note)
  output.result({ command: 'export', run: folder, out, library: 'pytorch', files: [...files.keys()], notes })
}

/** A run as ONNX graphs, with the files of its tokenizer and labels. */
async function exportToOnnx(
  directory: string,
  options: ExportCommandOptions,
  registry: Registry,
  output: Output,
): Promise<void> {
  const { out, mergeAdapters = false } = options
  const folder = await existingRun(directory)
  await requireFreeFolder(out)
  const store = new FolderStore(folder)
  const config = await readRunConfig(store, registry, folder)
  if ('adapters' in ((config.task['training'] ?? {}) as object) && !mergeAdapters) {
    throw new HeddleError('usage', `export: expected --merge-adapters, as ${folder} has adapters, got none. Add it.`)
  }
  await startBackend(options, (line) => output.line(line))
  const { task } = await openRun({ store, registry, name: folder })
  const graphs = exportOnnx(task.model, task.modelSpec)
  const files = new Map(graphs.map(({ file, bytes }) => [file, bytes]))
  for (const path of task.files.keys()) files.set(path, (await store.read(path))!)
  await writeFolder(out, files)
  output.line(`${out}: ${[...files.keys()].join(', ')}, for ONNX`)
  for (const { file, inputs, outputs } of graphs) {
    output.line(`${file}: ${inputs.join(', ')} to ${outputs.join(', ')}`)
  }
  const described = graphs.map(({ bytes: _, ...graph }) => graph)
  output.result({ command: 'export', run: folder, out, library: 'onnx', files: [...files.keys()], graphs: described })
}

/** A run as a folder of transformers, or its adapters as one of peft. */
async function exportToTransformers(
  directory: string,
  options: ExportCommandOptions,
  registry: Registry,
  output: Output,
): Promise<void> {
  const { out, mergeAdapters = false, adaptersOnly = false } = options
  if (mergeAdapters && adaptersOnly) {
    throw new HeddleError('usage', 'export: expected either --merge-adapters or --adapters-only, got both. Choose one.')
  }
  if (options.base !== undefined && !adaptersOnly) {
    throw new HeddleError('usage', 'export --base: expected --adapters-only beside it, got none. Leave --base out.')
  }
  const folder = await existingRun(directory)
  await requireFreeFolder(out)
  const store = new FolderStore(folder)
  const config = await readRunConfig(store, registry, folder)
  const hasAdapters = 'adapters' in ((config.task['training'] ?? {}) as object)
  if (hasAdapters && !mergeAdapters && !adaptersOnly) {
    throw new HeddleError(
      'usage',
      `export: expected --merge-adapters or --adapters-only, as ${folder} has adapters, got neither. Merge them into the weights, or export them for peft.`,
    )
  }
  const baseModel =
    adaptersOnly && hasAdapters ? await baseOf(options.base, config.from?.base ?? config.from?.name, folder) : undefined
  await startBackend(options, (line) => output.line(line))
  const adapters = mergeAdapters ? 'merged' : adaptersOnly ? 'alone' : undefined
  const checkpoint = await exportRun({ store, registry, name: folder, adapters, baseModel })
  const training = await trainingOf({ store, registry, name: folder }, options, config)
  const files = new Map([...checkpoint, ...training])
  await writeFolder(out, files)
  const library = adaptersOnly ? 'peft' : 'transformers'
  output.line(`${out}: ${[...files.keys()].join(', ')}, for ${library}`)
  output.result({
    command: 'export',
    run: folder,
    out,
    library,
    files: [...files.keys()],
    ...(baseModel && { base: baseModel }),
  })
}

/** The batches that are asked for, with the settings of training. */
async function trainingOf(
  opening: Parameters<typeof openRun>[0],
  options: ExportCommandOptions,
  config: RunConfig,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const { batches: count = 0 } = options
  if (count === 0) return new Map()
  const given = await dataOfRun(options, config, opening.name!)
  const run = await openRun(opening)
  const batches = await trainingBatches(run, opening.registry, given, count)
  return trainingFiles({ run, registry: opening.registry, batches })
}

/** The base model as peft finds it: the one that is asked for, or the folder of transformers or name of the hub that the run started from. */
async function baseOf(given: string | undefined, origin: string | undefined, run: string): Promise<string> {
  if (given !== undefined) return given
  // Folders are kept as whole paths; a name of the hub is followed by its commit.
  if (origin !== undefined && !isAbsolute(origin)) return origin.replace(/@.*$/, '')
  const config = origin === undefined ? undefined : await new FolderStore(origin).read('config.json')
  if (config !== undefined && 'model_type' in JSON.parse(new TextDecoder().decode(config))) return origin!
  const hint =
    config === undefined
      ? 'Name the model that the adapters belong to.'
      : `Export it (heddle export ${shellWord(origin!)} --out DIR) and name that folder.`
  throw new HeddleError(
    'usage',
    `export --adapters-only: expected --base, as ${run} ${origin === undefined ? 'started from no other model' : `started from ${origin}, which is no folder of transformers`}, got none. ${hint}`,
  )
}
