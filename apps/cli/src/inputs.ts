import { readFile } from 'node:fs/promises'
import { text as readAll } from 'node:stream/consumers'
import { HeddleError } from '@heddle/core'
import { type StreamRowsOptions, streamRows } from '@heddle/data'
import type { AnyPipeline } from '@heddle/tasks'

export interface GivenInputs {
  /** Arguments and the values of --prompt. */
  readonly texts: readonly string[]
  /** A file with an input in each line; '-' for standard input. */
  readonly file?: string
  /** Name of the command and its run, for messages. */
  readonly command: string
}

/** @throws HeddleError `usage` where there is nothing to read: no argument, no --input, and a terminal for standard input */
export function checkInputs({ texts, file, command }: GivenInputs): void {
  if (texts.length > 0 && file !== undefined) {
    throw new HeddleError('usage', `${command}: expected either arguments or --input, got both. Leave one out.`)
  }
  if (texts.length === 0 && file === undefined && process.stdin.isTTY) {
    throw new HeddleError('usage', `${command}: expected a text or a file, got none. Write heddle ${command} "…".`)
  }
}

/** @throws HeddleError `usage` for arguments beside --output, whose inputs are the rows of a file */
export function checkOutput(command: string, texts: readonly string[]): void {
  if (texts.length === 0) return
  throw new HeddleError('usage', `${command} --output: expected --input, got arguments. Write the inputs to a file.`)
}

/** How the column to read is found in a table. */
export type InputColumn = Omit<StreamRowsOptions, 'file'>

/**
 * The inputs of a use: the arguments, the lines of a file or of standard input, or the column of a table that can be told. A task that reads a series of lines as one input
 * is given all of them as one. Empty lines are left out, with a note.
 *
 * @throws HeddleError `file` for a file that cannot be read, `usage` for one without inputs
 */
export async function readInputs(
  { texts, file = '-', command }: GivenInputs,
  { input }: Pick<AnyPipeline, 'input'>,
  onNote: (note: string) => void,
  column: InputColumn = { names: [] },
): Promise<readonly string[]> {
  if (texts.length > 0) return texts
  const content = file === '-' ? await readAll(process.stdin) : await contentOf(file)
  const isWhole = input.kind === 'text' && input.lines === 'one input'
  const inputs = isWhole ? [content] : await rowsOf(content, { ...column, file })
  const filled = inputs.filter((line) => line.trim() !== '')
  const where = file === '-' ? 'standard input' : file
  // A last line that ends has an empty text after it.
  const empty = inputs.length - filled.length - (inputs.at(-1) === '' ? 1 : 0)
  if (filled.length > 0 && empty > 0) onNote(`${where}: ${empty} empty ${empty === 1 ? 'line' : 'lines'} left out`)
  if (filled.length > 0) return filled
  throw new HeddleError('usage', `${command}: expected an input in each line, got an empty ${where}. Give a text.`)
}

/** The texts of a table's column; the lines themselves where no column is named and none can be told. */
async function rowsOf(content: string, options: StreamRowsOptions): Promise<readonly string[]> {
  const lines = content.split(/\r\n|\r|\n/)
  const inputs: string[] = []
  try {
    for await (const { input } of streamRows(oneByOne(lines), options)) inputs.push(input)
    return inputs
  } catch (error) {
    const isUntold = error instanceof HeddleError && error.code === 'data' && options.column === undefined
    if (isUntold) return lines
    throw error
  }
}

async function* oneByOne<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}

async function contentOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    const got = code === 'ENOENT' ? `none at ${file}` : `an error at ${file}: ${message}`
    throw new HeddleError('file', `--input: expected a readable file, got ${got}. Check the path.`, { cause })
  }
}
