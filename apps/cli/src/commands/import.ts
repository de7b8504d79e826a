import type { Registry } from '@heddle/core'
import { importPyTorch } from '@heddle/export'
import { FolderStore } from '@heddle/trainer/node'
import { type BackendOptions, startBackend } from '../backend.ts'
import type { Output } from '../output.ts'
import { existingRun, requireFreeFolder } from '../run-folder.ts'
import { writeFolder } from '../write-folder.ts'

export interface ImportCommandOptions extends BackendOptions {
  readonly out: string
}

/** `heddle import`: a folder of `heddle export --to pytorch`, trained further in PyTorch, as a run. */
export async function importCommand(
  directory: string,
  options: ImportCommandOptions,
  registry: Registry,
  output: Output,
): Promise<void> {
  const { out } = options
  const folder = await existingRun(directory)
  await requireFreeFolder(out)
  await startBackend(options, (line) => output.line(line))
  const files = await importPyTorch(new FolderStore(folder), registry, folder)
  await writeFolder(out, files)
  output.line(`${out}: ${[...files.keys()].join(', ')}`)
  output.result({ command: 'import', from: folder, out, files: [...files.keys()] })
}
