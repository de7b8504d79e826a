import { HeddleError } from '@heddle/core'
import type { InputReader } from '@heddle/tasks'
import { RowInput } from './row-input.ts'
import { placeOf, type UseColumns, type UseRow, useRows } from './use-rows.ts'

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

export interface ReadInputs {
  readonly texts: readonly string[]
  /** The inputs as the pipeline reads them, where they were read already. */
  readonly read?: readonly unknown[]
}

/**
 * The inputs of a use: the arguments, or those of a file or of standard input. A task that reads a series of lines as one input
 * is given all of them as one. Empty lines are left out, with a note.
 *
 * @throws HeddleError `file` for a file that cannot be read, `usage` for one without inputs, `format` for a row that cannot be read
 */
export async function readInputs(
  { texts, file = '-', command }: GivenInputs,
  reader: InputReader<unknown>,
  onNote: (note: string) => void,
  columns: UseColumns,
): Promise<ReadInputs> {
  if (texts.length > 0) return { texts }
  const input = await RowInput.open(file, '--input')
  const rows: UseRow[] = []
  for await (const row of useRows(input, reader, columns)) rows.push(row)
  const bad = rows.find(({ problem }) => problem !== undefined)
  if (bad !== undefined) {
    throw new HeddleError(
      'format',
      `${placeOf(bad, input.name)}: ${bad.problem} Correct it, or write the others with --output.`,
    )
  }
  const filled = rows.filter(({ text }) => text.trim() !== '')
  const empty = rows.length - filled.length
  if (filled.length > 0 && empty > 0) {
    onNote(`${input.name}: ${empty} empty ${empty === 1 ? 'line' : 'lines'} left out`)
  }
  if (filled.length === 0) {
    throw new HeddleError(
      'usage',
      `${command}: expected an input in each line, got an empty ${input.name}. Give a text.`,
    )
  }
  const isRead = filled.every(({ read }) => read !== undefined)
  return { texts: filled.map(({ text }) => text), ...(isRead && { read: filled.map(({ read }) => read) }) }
}
