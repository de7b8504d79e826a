import type { RunStore } from './run-store.ts'

/** Keeps a run in memory, for tests and for pages that save nothing. */
export class MemoryStore implements RunStore {
  readonly #files = new Map<string, Uint8Array>()

  async read(path: string): Promise<Uint8Array | undefined> {
    return this.#files.get(path)?.slice()
  }

  async write(path: string, bytes: Uint8Array): Promise<void> {
    this.#files.set(path, bytes.slice())
  }

  async append(path: string, content: string | Uint8Array): Promise<void> {
    const before = this.#files.get(path) ?? new Uint8Array()
    const added = typeof content === 'string' ? new TextEncoder().encode(content) : content
    const joined = new Uint8Array(before.byteLength + added.byteLength)
    joined.set(before)
    joined.set(added, before.byteLength)
    this.#files.set(path, joined)
  }

  async remove(path: string): Promise<void> {
    this.#files.delete(path)
  }

  async list(folder: string): Promise<string[]> {
    const prefix = folder === '' ? '' : `${folder}/`
    return [...this.#files.keys()].filter((path) => path.startsWith(prefix)).sort()
  }
}
