import { parseConfig, type Registry } from '@heddle/core'
import { openRun, usePoint } from '@heddle/tasks'
import { FolderStore } from '@heddle/trainer/node'
import { type BackendOptions, startBackend } from '../backend.ts'
import { columnsOfRun } from '../column-of-run.ts'
import { fileAt } from '../data-files.ts'
import { type GivenInputs, readInputs } from '../inputs.ts'
import { type Output, printError } from '../output.ts'
import { existingRun } from '../run-folder.ts'
import { showExhibits } from '../show-exhibits.ts'

export interface UseCommandOptions extends BackendOptions {
  /** The use's own config, as far as it was given. */
  readonly config: Record<string, unknown>
  /** The column to read of a table, or the columns, by name or by number from 1. */
  readonly column?: readonly string[]
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
  let [numInputs, prompt] = [0, '']
  let streamed = false
  const onText = (text: string) => {
    if (!output.interactive || output.json || numInputs > 1) return
    if (!streamed) output.text(prompt)
    streamed = true
    output.text(text)
  }
  const apply = registry.create(
    usePoint,
    { type: use, ...options.config },
    { task, name: folder, openFile: (path) => fileAt(path, use), onText },
  )
  const reader = apply.input ?? task.pipeline.input
  const { texts, read } = await readInputs(
    given,
    reader,
    printError,
    columnsOfRun(config, reader, registry, options.column),
  )
  ;[numInputs, prompt] = [texts.length, texts[0]!]
  const { outputs, json, exhibits = [] } = await apply(texts, { read })
  if (streamed) output.line()
  else if (!output.json) for (const text of outputs) output.line(text)
  if (!output.json) showExhibits(exhibits, registry, output)
  output.result({ command: use, run: folder, results: json })
  task.dispose()
}
