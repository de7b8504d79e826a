import { parseConfig, type Registry } from '@heddle/core'
import { openRun, usePoint } from '@heddle/tasks'
import { FolderStore } from '@heddle/trainer/node'
import { formatCount, formatDuration } from '@heddle/views'
import { startBackend } from '../backend.ts'
import { columnsOfRun } from '../column-of-run.ts'
import { fileAt } from '../data-files.ts'
import type { Interruption } from '../interruptible.ts'
import { type Output, printError } from '../output.ts'
import { ResultWriter } from '../result-writer.ts'
import { RowFile, STANDARD_OUTPUT } from '../row-file.ts'
import { RowInput } from '../row-input.ts'
import { RowProgress } from '../row-progress.ts'
import { existingRun } from '../run-folder.ts'
import { useRows } from '../use-rows.ts'
import type { UseCommandOptions } from './use.ts'

export interface UseFileOptions extends UseCommandOptions {
  /** The file or folder to read; '-' for standard input. */
  readonly input: string
  /** The file to write; '-' for standard output. */
  readonly output: string
  readonly interruption: Interruption
}

/** Rows of which the model reads the inputs together, and of those that are files. */
const ROWS = 512
const FILES = 64

/**
 * A use on every row of a file, whose columns are kept: the result goes to another file, a batch at a time. A row that cannot be read has no
 * result, is named, and does not keep the others from theirs. Returns the exit code: 1 where there were such rows, 130 when it was
 * stopped by a signal.
 */
export async function useFileCommand(
  use: string,
  directory: string,
  options: UseFileOptions,
  registry: Registry,
  output: Output,
): Promise<number> {
  const started = performance.now()
  const definition = registry.get(usePoint, use)
  parseConfig(use, definition.config, options.config)
  const file = new RowFile(options.output, '--output')
  const input = await RowInput.open(options.input, '--input')
  const folder = await existingRun(directory)
  await startBackend(options, printError)
  const { task, config } = await openRun({ store: new FolderStore(folder), registry, name: folder })
  const { signal } = options.interruption
  const context = { task, name: folder, openFile: (path: string) => fileAt(path, use), signal }
  const apply = registry.create(usePoint, { type: use, ...options.config }, context)
  const reader = apply.input ?? task.pipeline.input
  const columns = columnsOfRun(config, reader, registry, options.column)
  const progress = new RowProgress(input)
  const writer = new ResultWriter(file, { use, apply, input: input.name, signal, onProblem: printError })
  options.interruption.hold()
  try {
    const size = reader.kind === 'file' ? FILES : ROWS
    for await (const rows of batches(useRows(input, reader, columns), size)) {
      try {
        signal.throwIfAborted()
        await writer.write(rows)
      } catch (error) {
        if (!signal.aborted) throw error
        break
      }
      progress.update(file.rows)
    }
    progress.stop()
    if (signal.aborted) {
      await file.stop()
      const where = file.path === STANDARD_OUTPUT ? 'standard output' : file.partial
      printError(`Stopped after ${formatCount(file.rows)} rows, which are in ${where}.`)
      output.result({ command: use, run: folder, stopped: true, rows: file.rows })
      return 130
    }
    writer.finish()
    await file.finish()
  } catch (error) {
    progress.stop()
    await file.discard()
    throw error
  } finally {
    task.dispose()
  }
  const { empty, unread } = writer
  if (empty > 0) printError(`${input.name}: ${formatCount(empty)} rows without an input have no result`)
  if (unread > 0) printError(`${input.name}: ${formatCount(unread)} rows could not be read and have no result`)
  if (file.left.length > 0) {
    printError(`${file.path}: columns of later rows are left out, as the first rows have none: ${file.left.join(', ')}`)
  }
  if (file.path !== STANDARD_OUTPUT) {
    output.line(`${formatCount(file.rows)} rows in ${formatDuration(performance.now() - started)}: ${file.path}`)
    output.result({ command: use, run: folder, output: file.path, rows: file.rows, empty, unread })
  }
  return unread > 0 ? 1 : 0
}

async function* batches<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = []
  for await (const item of items) {
    batch.push(item)
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
