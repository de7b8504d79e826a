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
  for (const [index, line] of splitLines(decodeText(input, options.file)).entries()) {
    if (line.trim() === '') continue
    let value: unknown
    try {
      value = JSON.parse(line)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      collector.malformed(
        index + 1,
        `expected a JSON value, got ${show(line)} (${show(reason, 120).replace(/^"|"$/g, '')}).`,
      )
      continue
    }
    try {
      collector.add(schema === undefined ? (value as T) : parseConfig('value', schema, value))
    } catch (error) {
      if (!(error instanceof HeddleError) || error.code !== 'config') throw error
      collector.malformed(index + 1, error.message)
    }
  }
  return collector.result()
}
