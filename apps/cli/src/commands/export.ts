import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { HeddleError, type Registry } from '@heddle/core'
import { exportRun, readRunConfig, shellWord } from '@heddle/tasks'
import { FolderStore } from '@heddle/trainer/node'
import { type BackendOptions, startBackend } from '../backend.ts'
import type { Output } from '../output.ts'
import { existingRun, requireFreeFolder } from '../run-folder.ts'

export interface ExportCommandOptions extends BackendOptions {
  readonly out: string
  readonly mergeAdapters?: boolean
  readonly adaptersOnly?: boolean
  readonly base?: string
}

/** `heddle export`: a run as a folder of transformers, or its adapters as one of peft. */
export async function exportCommand(
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
  const baseModel = adaptersOnly && hasAdapters ? await baseOf(options.base, config.from?.name, folder) : undefined
  await startBackend(options, (line) => output.line(line))
  const adapters = mergeAdapters ? 'merged' : adaptersOnly ? 'alone' : undefined
  const files = await exportRun({ store, registry, name: folder, adapters, baseModel })
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

/** Writes a folder beside its place and renames it, so that it is there as a whole or not at all. */
async function writeFolder(out: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const target = resolve(out)
  const temporary = `${target}.${randomUUID().slice(0, 8)}.tmp`
  try {
    await mkdir(dirname(target), { recursive: true })
    await mkdir(temporary)
    for (const [path, bytes] of files) await writeFile(join(temporary, path), bytes, { flush: true })
    // Only an empty folder may be in the way.
    await rmdir(target).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
    await rename(temporary, target)
  } catch (cause) {
    await rm(temporary, { recursive: true, force: true })
    throw new HeddleError(
      'file',
      `--out: expected to write ${out}, got ${(cause as Error).message}. Choose another folder.`,
      {
        cause,
      },
    )
  }
}
