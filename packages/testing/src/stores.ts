import type { RunStore } from '@heddle/trainer'

/**
 * A store that crashes at its n-th change, counted from 0, after half of it where a real store may leave half, and at every change
 * after that. What it wrote before is in `inner`, from which a run can be resumed.
 */
export class CrashingStore implements RunStore {
  readonly inner: RunStore
  /** The paths that were changed, in order. */
  readonly changes: string[] = []
  #left: number

  constructor(inner: RunStore, left: number) {
    this.inner = inner
    this.#left = left
  }

  read(path: string): Promise<Uint8Array | undefined> {
    return this.inner.read(path)
  }

  list(folder: string): Promise<string[]> {
    return this.inner.list(folder)
  }

  async write(path: string, bytes: Uint8Array): Promise<void> {
    if (this.#left === 0) await this.inner.write(`${path}.tmp`, bytes.subarray(0, bytes.length / 2))
    this.#count(path)
    await this.inner.write(path, bytes)
  }

  async append(path: string, content: string | Uint8Array): Promise<void> {
    if (this.#left === 0) await this.inner.append(path, content.slice(0, content.length / 2))
    this.#count(path)
    await this.inner.append(path, content)
  }

  async remove(path: string): Promise<void> {
    this.#count(path)
    await this.inner.remove(path)
  }

  #count(path: string): void {
    this.changes.push(path)
    if (this.#left-- <= 0) throw new Error('crash')
  }
}

const untimed = (text: string) => text.replaceAll(/"(elapsedMs|tokensPerSecond)": ?[\d.e+-]+/g, '"$1":0')

/** Every file of a trained run, by its path, as text; in text files what depends on the clock is left out. */
export async function runFiles(store: RunStore): Promise<Record<string, string>> {
  const files: Record<string, string> = {}
  const assets = (await store.list('')).filter((path) => /^[\w-]+\.json$/.test(path))
  const paths = new Set([...assets, ...(await store.list('trainer')), 'log.jsonl', 'model.safetensors'])
  for (const path of paths) {
    const bytes = (await store.read(path))!
    files[path] = /\.jsonl?$/.test(path)
      ? untimed(new TextDecoder().decode(bytes))
      : [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  }
  // How many bytes the log has depends on the digits of the times in it.
  const state = files['trainer/state.json']
  if (state !== undefined) files['trainer/state.json'] = state.replace(/"logBytes": \d+/, '')
  return files
}
