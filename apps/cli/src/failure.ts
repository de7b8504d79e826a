import { isHeddleError } from '@heddle/core'
import { CommanderError } from 'commander'

/** The exit code of what the user can put right. */
const USER_ERROR = 2
const INTERNAL_ERROR = 1

/** Reports an error in one line, with HEDDLE_DEBUG=1 with its stack. Returns the exit code. */
export function reportFailure(error: unknown, write: (line: string) => void): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0
    write(`heddle: ${oneLine(error.message.replace(/^error: /, ''))}. See 'heddle --help'.`.replaceAll('..', '.'))
    return USER_ERROR
  }
  const debug = process.env['HEDDLE_DEBUG'] === '1'
  if (debug && error instanceof Error) write(error.stack ?? error.message)
  const message = error instanceof Error ? error.message : String(error)
  if (isHeddleError(error)) {
    if (!debug) write(`heddle: ${oneLine(message)}`)
    return USER_ERROR
  }
  if (!debug) write(`heddle: unexpected error: ${oneLine(message)} Set HEDDLE_DEBUG=1 to see where.`)
  return INTERNAL_ERROR
}

/** Joins the lines of a text. An expression for the white space around line ends would backtrack over long runs of it. */
const oneLine = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .join(' ')
    .trim()
