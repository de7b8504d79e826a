import { concatenate, HeddleError } from '@heddle/core'

const LINE_FEED = 0x0a

/**
 * Cuts a stream of UTF-8 bytes into lines, at line feeds with or without a carriage return before. A byte order mark at the start is
 * left out, and a last line without a line feed is one too.
 */
export class LineSplitter {
  readonly #name: string
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  // The line that is not complete, in the parts in which it came: joining them each time would be quadratic for a long line.
  #open: Uint8Array[] = []
  #lines = 0

  readonly #onMalformed: ((line: number) => void) | undefined

  /**
   * @param name the file's name, for messages
   * @param onMalformed called for each line that is not UTF-8, which is then given out with replacement characters (default: an error)
   */
  constructor(name: string, onMalformed?: (line: number) => void) {
    this.#name = name
    this.#onMalformed = onMalformed
  }

  /** Number of lines that were returned. */
  get lines(): number {
    return this.#lines
  }

  /**
   * The lines that `bytes` completes. The bytes are copied where they are kept.
   *
   * @throws HeddleError `format`, naming the line that is not UTF-8
   */
  push(bytes: Uint8Array): string[] {
    const end = bytes.lastIndexOf(LINE_FEED)
    if (end < 0) {
      if (bytes.length > 0) this.#open.push(bytes.slice())
      return []
    }
    const block = concatenate(Uint8Array, [...this.#open, bytes.subarray(0, end)])
    this.#open = end + 1 < bytes.length ? [bytes.slice(end + 1)] : []
    return this.#decode(block)
  }

  /** The last line, if it has no line feed. */
  finish(): string[] {
    const block = concatenate(Uint8Array, this.#open)
    this.#open = []
    return block.length === 0 ? [] : this.#decode(block)
  }

  #decode(block: Uint8Array): string[] {
    let text: string
    try {
      text = this.#decoder.decode(block)
    } catch (cause) {
      if (this.#onMalformed !== undefined) return this.#lenient(block, this.#onMalformed)
      throw new HeddleError(
        'format',
        `${this.#name}:${this.#lines + this.#firstMalformed(block)}: expected UTF-8, got other bytes. Convert the file to UTF-8.`,
        { cause },
      )
    }
    return this.#split(text)
  }

  #split(whole: string): string[] {
    let text = whole
    if (this.#lines === 0 && text.startsWith('\uFEFF')) text = text.slice(1)
    const lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
    this.#lines += lines.length
    return lines
  }

  /** The lines of a block of which some are not UTF-8. */
  #lenient(block: Uint8Array, onMalformed: (line: number) => void): string[] {
    const lines: string[] = []
    for (let start = 0; start <= block.length; ) {
      const found = block.indexOf(LINE_FEED, start)
      const end = found < 0 ? block.length : found
      const bytes = block.subarray(start, end)
      let text: string
      try {
        text = this.#decoder.decode(bytes)
      } catch {
        onMalformed(this.#lines + 1)
        text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
      }
      lines.push(...this.#split(text))
      start = end + 1
    }
    return lines
  }

  // Counted from 1.
  #firstMalformed(block: Uint8Array): number {
    let line = 1
    for (let start = 0; start <= block.length; line++) {
      const found = block.indexOf(LINE_FEED, start)
      const end = found < 0 ? block.length : found
      try {
        this.#decoder.decode(block.subarray(start, end))
      } catch {
        return line
      }
      start = end + 1
    }
    return line
  }
}
