import type { RunStore } from './run-store.ts'

const LOG = 'log.jsonl'
const FLUSH_MS = 1000

/**
 * `log.jsonl`: one JSON object a line. Lines are gathered and written about once a second; a checkpoint notes how many bytes
 * there are, and resuming cuts the file there, so that no line is missing or doubled.
 */
export class RunLog {
  readonly #store: RunStore
  #pending = ''
  #bytes = 0
  #flushed = 0

  constructor(store: RunStore) {
    this.#store = store
  }

  /** How many bytes the flushed lines take. */
  get bytes(): number {
    return this.#bytes
  }

  async add(entry: Readonly<Record<string, unknown>>): Promise<void> {
    this.#pending += `${JSON.stringify(entry)}\n`
    if (performance.now() - this.#flushed > FLUSH_MS) await this.flush()
  }

  async flush(): Promise<void> {
    this.#flushed = performance.now()
    if (this.#pending === '') return
    const text = this.#pending
    this.#pending = ''
    await this.#store.append(LOG, text)
    this.#bytes += new TextEncoder().encode(text).byteLength
  }

  /** Goes back to the first `bytes` bytes. */
  async cut(bytes: number): Promise<void> {
    this.#pending = ''
    const content = await this.#store.read(LOG)
    this.#bytes = Math.min(bytes, content?.byteLength ?? 0)
    if (content === undefined || content.byteLength === this.#bytes) return
    if (this.#bytes === 0) await this.#store.remove(LOG)
    else await this.#store.write(LOG, content.subarray(0, this.#bytes))
  }

  async exists(): Promise<boolean> {
    return (await this.#store.read(LOG)) !== undefined
  }
}
