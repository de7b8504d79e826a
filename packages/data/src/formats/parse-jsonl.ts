import { type ConfigSchema, HeddleError, parseConfig, show } from '@heddle/core'
import { decodeText, type TextInput } from './decode-text.ts'
import { type Parsed, type ParseOptions, RowCollector, splitLines } from './parsed.ts'

export interface JsonlOptions<T> extends ParseOptions {
  /** Schema of each line (zod or any Standard Schema). A line that does not fit is malformed. */
  readonly schema?: ConfigSchema<T>
}

/**
 * Reads JSON lines: one JSON value a line. Blank lines are skipped.
 *
 * @throws HeddleError `format`: `file:line: expected …, got …`
 * @see https://jsonlines.org
 */
export function parseJsonl<T = unknown>(input: TextInput, options: JsonlOptions<T> = {}): Parsed<T> {
  const { schema } = options
  const collector = new RowCollector<T>(options)
  for (const { line, value, problem } of jsonLines(decodeText(input, options.file))) {
    if (problem !== undefined) {
      collector.malformed(line, problem)
      continue
    }
    try {
      collector.add(schema === undefined ? (value as T) : parseConfig('value', schema, value))
    } catch (error) {
      if (!(error instanceof HeddleError) || error.code !== 'config') throw error
      collector.malformed(line, error.message)
    }
  }
  return collector.result()
}

/** A line's value, or the problem with it. */
export interface JsonLine {
  readonly line: number
  readonly value?: unknown
  readonly problem?: string
}

/** Returns the values of the lines that are not blank, or the members of a file that is one array of objects or arrays, numbered from 1. */
export function* jsonLines(text: string): Iterable<JsonLine> {
  const members = arrayOf(text)
  if (members !== undefined) {
    yield* members.map((value, i) => ({ line: i + 1, value }))
    return
  }
  for (const [index, content] of splitLines(text).entries()) {
    if (content.trim() === '') continue
    const line = index + 1
    let value: unknown
    let problem: string | undefined
    try {
      value = JSON.parse(content)
    } catch (error) {
      const reason = show(error instanceof Error ? error.message : error, 120).replace(/^"|"$/g, '')
      problem = `expected a JSON value, got ${show(content)} (${reason}).`
    }
    yield problem === undefined ? { line, value } : { line, problem }
  }
}

/** The members of a text that is one JSON array of objects or arrays. */
export function arrayOf(text: string): readonly unknown[] | undefined {
  if (!text.trimStart().startsWith('[')) return undefined
  try {
    const value: unknown = JSON.parse(text)
    const isRecords = Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'object')
    return isRecords ? value : undefined
  } catch {
    return undefined
  }
}
