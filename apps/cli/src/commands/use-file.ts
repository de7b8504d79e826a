import { HeddleError, parseConfig, type Registry } from '@heddle/core'
import { distinct, type Row, type StreamedRow, streamRows } from '@heddle/data'
import { openRun, type Use, usePoint } from '@heddle/tasks'
import { FolderStore } from '@heddle/trainer/node'
import { formatCount, formatDuration } from '@heddle/views'
import { startBackend } from '../backend.ts'
import { columnOfRun } from '../column-of-run.ts'
import { fileAt } from '../data-files.ts'
import type { Interruption } from '../interruptible.ts'
import { type Output, printError } from '../output.ts'
import { RowFile, STANDARD_OUTPUT } from '../row-file.ts'
import { LineInput } from '../row-input.ts'
import { RowProgress } from '../row-progress.ts'
import { existingRun } from '../run-folder.ts'
import type { UseCommandOptions } from './use.ts'

export interface UseFileOptions extends UseCommandOptions {
  /** The file to read; '-' for standard input. */
  readonly input: string
  /** The file to write; '-' for standard output. */
  readonly output: string
  readonly interruption: Interruption
}

/** Rows of which the model reads the inputs together. */
const ROWS = 512

/**
 * A use on every row of a file, whose columns are kept: the result goes to another file, a batch at a time. Returns the exit code,
 * 130 when it was stopped by a signal.
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
  const input = await LineInput.open(options.input, '--input')
  const folder = await existingRun(directory)
  await startBackend(options, printError)
  const { task, config } = await openRun({ store: new FolderStore(folder), registry, name: folder })
  const { signal } = options.interruption
  const context = { task, name: folder, openFile: (path: string) => fileAt(path, use), signal }
  const apply = registry.create(usePoint, { type: use, ...options.config }, context)
  const progress = new RowProgress(input)
  options.interruption.hold()
  let empty = 0
  try {
    const read = task.pipeline.input
    if (read.kind === 'text' && read.lines === 'one input') {
      await file.write(await resultsOf(use, apply, [await wholeText(input)]))
    } else {
      const source = { file: input.name, column: options.column, ...columnOfRun(config) }
      for await (const rows of batches(streamRows(input.lines(), source), ROWS)) {
        try {
          signal.throwIfAborted()
          empty += await writeResults(use, apply, rows, file)
        } catch (error) {
          if (!signal.aborted) throw error
          break
        }
        progress.update(file.rows)
      }
    }
    progress.stop()
    if (signal.aborted) {
      await file.stop()
      const where = file.path === STANDARD_OUTPUT ? 'standard output' : file.partial
      printError(`Stopped after ${formatCount(file.rows)} rows, which are in ${where}.`)
      output.result({ command: use, run: folder, stopped: true, rows: file.rows })
      return 130
    }
    if (file.rows === 0) {
      throw new HeddleError('data', `--input: expected rows in ${input.name}, got an empty file. Check the file.`)
    }
    await file.finish()
  } catch (error) {
    progress.stop()
    await file.discard()
    throw error
  } finally {
    task.dispose()
  }
  if (empty > 0) printError(`${input.name}: ${formatCount(empty)} rows without an input have no result`)
  if (file.path !== STANDARD_OUTPUT) {
    output.line(`${formatCount(file.rows)} rows in ${formatDuration(performance.now() - started)}: ${file.path}`)
    output.result({ command: use, run: folder, output: file.path, rows: file.rows, empty })
  }
  return 0
}

/** Writes the rows with their results, in their order; returns the number of rows without an input, which have none. */
async function writeResults(use: string, apply: Use, rows: readonly StreamedRow[], file: RowFile): Promise<number> {
  const filled = rows.filter(({ input }) => input.trim() !== '')
  const results = filled.length === 0 ? [] : await resultsOf(use, apply, inputsOf(filled))
  const own = new Map(filled.map((row, i) => [row, file.flat(results[i]!)]))
  await file.write(rows.map((row) => joined(row.cells, own.get(row) ?? {})))
  return rows.length - filled.length
}

const inputsOf = (rows: readonly StreamedRow[]) => rows.map(({ input }) => input)

/** The cells of a row, then those of its result; where both have a column of one name, the result's has a number. */
function joined(cells: Row, result: Row): Row {
  const names = distinct([...Object.keys(cells), ...Object.keys(result)])
  const values = [...Object.values(cells), ...Object.values(result)]
  return Object.fromEntries(names.map((name, i) => [name, values[i]]))
}

async function resultsOf(use: string, apply: Use, inputs: readonly string[]): Promise<readonly Row[]> {
  const { rows } = await apply(inputs)
  if (rows !== undefined) return rows
  throw new HeddleError('usage', `${use}: expected no --output, as its results are no rows. Leave it out.`)
}

async function wholeText(input: LineInput): Promise<string> {
  const lines: string[] = []
  for await (const line of input.lines()) lines.push(line)
  return `${lines.join('\n')}\n`
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
