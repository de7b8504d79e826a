import { decodeText, type TextInput } from './decode-text.ts'
import { type Parsed, type ParseOptions, RowCollector, splitLines } from './parsed.ts'

export interface LinesOptions extends ParseOptions {
  /** Whether white space at both ends of a line is removed. Default: false. */
  readonly trim?: boolean
  /** Whether an empty line is malformed. Default: false. */
  readonly nonEmpty?: boolean
}

/** Reads each line of a text as an example. */
export function parseLines(input: TextInput, options: LinesOptions = {}): Parsed<string> {
  const collector = new RowCollector<string>(options)
  for (const [index, line] of splitLines(decodeText(input, options.file)).entries()) {
    const row = options.trim ? line.trim() : line
    if (options.nonEmpty && row === '') collector.malformed(index + 1, 'expected text, got an empty line.')
    else collector.add(row)
  }
  return collector.result()
}
