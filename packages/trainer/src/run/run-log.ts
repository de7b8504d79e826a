import type { RunStore } from './run-store.ts'

export const LOG = 'log.jsonl'
const FLUSH_MS = 1000
const NEWLINE = 10

/**
 * Writes `log.jsonl`, one JSON object a line. Lines are gathered and written about once a second; a checkpoint notes the number
 * of bytes, and resuming cuts the file there, so that no line is missing or doubled.
 */
export class RunLog {
  readonly #store: RunStore
  #pending = ''
  #bytes = 0
  #flushed = 0
  /** Whether a failed write may have left a part of a line. */
  #torn = false

  constructor(store: RunStore) {
    this.#store = store
  }

  /** Number of bytes of the flushed lines. */
  get bytes(): number {
    return this.#bytes
  }

  async add(entry: Readonly<Record<string, unknown>>): Promise<void> {
    this.#pending += `${JSON.stringify(entry)}\n`
    if (performance.now() - this.#flushed > FLUSH_MS) await this.flush()
  }

  /** Writes the gathered lines; after a failure they are kept for the next time. */
  async flush(): Promise<void> {
    this.#flushed = performance.now()
    if (this.#pending === '') return
    if (this.#torn) await this.#truncate(this.#bytes)
    const text = this.#pending
    this.#torn = true
    await this.#store.append(LOG, text)
    this.#torn = false
    this.#pending = ''
    this.#bytes += new TextEncoder().encode(text).byteLength
  }

  /** Goes back to the first `bytes` bytes. */
  async cut(bytes: number): Promise<void> {
    this.#pending = ''
    this.#bytes = await this.#truncate(bytes)
  }

  async exists(): Promise<boolean> {
    return (await this.#store.read(LOG)) !== undefined
  }

  /**
   * Shortens the file to `bytes` bytes; a file that another program has damaged may be shorter or end within a line.
   *
   * @returns the new number of bytes
   */
  async #truncate(bytes: number): Promise<number> {
    const content = await this.#store.read(LOG)
    if (content === undefined) return 0
    const kept = content.subarray(0, bytes)
    const whole = kept.byteLength === 0 || kept.at(-1) === NEWLINE ? kept : terminated(kept)
    if (whole.byteLength === 0) await this.#store.remove(LOG)
    else if (whole !== kept || kept.byteLength !== content.byteLength) await this.#store.write(LOG, whole)
    return whole.byteLength
  }
}

/** Ends a damaged last line, so that the next one does not continue it. */
function terminated(lines: Uint8Array): Uint8Array {
  const result = new Uint8Array(lines.byteLength + 1)
  result.set(lines)
  result[lines.byteLength] = NEWLINE
  return result
}
