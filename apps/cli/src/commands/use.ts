import { parseConfig, type Registry } from '@heddle/core'
import { openRun, usePoint } from '@heddle/tasks'
import { FolderStore } from '@heddle/trainer/node'
import { type BackendOptions, startBackend } from '../backend.ts'
import { columnOfRun } from '../column-of-run.ts'
import { fileAt } from '../data-files.ts'
import { type GivenInputs, readInputs } from '../inputs.ts'
import { type Output, printError } from '../output.ts'
import { existingRun } from '../run-folder.ts'
import { showExhibits } from '../show-exhibits.ts'

export interface UseCommandOptions extends BackendOptions {
  /** The use's own config, as far as it was given. */
  readonly config: Record<string, unknown>
  /** The column to read of a table, by name or by number from 1. */
  readonly column?: string
}

/** A command that uses a run: translate, generate, predict, describe and what plugins add. */
export async function useCommand(
  use: string,
  directory: string,
  given: GivenInputs,
  options: UseCommandOptions,
  registry: Registry,
  output: Output,
): Promise<void> {
  const definition = registry.get(usePoint, use)
  // Checked before anything is loaded.
  parseConfig(use, definition.config, options.config)
  const folder = await existingRun(directory)
  await startBackend(options, printError)
  const { task, config } = await openRun({ store: new FolderStore(folder), registry, name: folder })
  const table = { ...columnOfRun(config), column: options.column }
  const inputs = await readInputs(given, task.pipeline, printError, table)
  let streamed = false
  const onText = (text: string) => {
    if (!streamed) output.text(inputs[0] ?? '')
    streamed = true
    output.text(text)
  }
  const streams = output.interactive && !output.json && inputs.length === 1
  const apply = registry.create(
    usePoint,
    { type: use, ...options.config },
    { task, name: folder, openFile: (path) => fileAt(path, use), ...(streams && { onText }) },
  )
  const { outputs, json, exhibits = [] } = await apply(inputs)
  if (streamed) output.line()
  else if (!output.json) for (const text of outputs) output.line(text)
  if (!output.json) showExhibits(exhibits, registry, output)
  output.result({ command: use, run: folder, results: json })
  task.dispose()
}
