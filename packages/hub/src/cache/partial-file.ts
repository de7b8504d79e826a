import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open, readdir, rename, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { DownloadTarget } from '../download.ts'

/** Milliseconds after which a file that no running process of this machine writes counts as left behind. */
const LEFT_AFTER = 10_000

/**
 * A file while it is downloaded. Processes that download the same file at once have files of their own. One that ends leaves
 * `<checksum>.incomplete`, and the next takes it over by renaming it, which succeeds for one process only.
 */
export class PartialFile implements DownloadTarget {
  readonly #final: string
  readonly #path: string
  readonly #file: FileHandle
  #size: number

  private constructor(final: string, path: string, file: FileHandle, size: number) {
    this.#final = final
    this.#path = path
    this.#file = file
    this.#size = size
  }

  /** @param final path of the finished file */
  static async claim(final: string): Promise<PartialFile> {
    const path = `${final}.${process.pid}-${randomUUID().slice(0, 8)}.incomplete`
    for (const left of [`${final}.incomplete`, ...(await leftBehind(final))]) {
      const isTaken = await rename(left, path).then(
        () => true,
        () => false,
      )
      if (isTaken) break
    }
    const file = await open(path, 'a+')
    return new PartialFile(final, path, file, (await file.stat()).size)
  }

  get size(): number {
    return this.#size
  }

  async append(bytes: Uint8Array): Promise<void> {
    await this.#file.appendFile(bytes)
    this.#size += bytes.byteLength
  }

  async clear(): Promise<void> {
    await this.#file.truncate(0)
    this.#size = 0
  }

  async digest(algorithm: 'SHA-1' | 'SHA-256', prefix: string): Promise<string> {
    const hash = createHash(algorithm).update(prefix)
    for await (const bytes of createReadStream(this.#path, { highWaterMark: 1 << 20 })) hash.update(bytes)
    return hash.digest('hex')
  }

  /** Gives the file its final name. */
  async finish(): Promise<void> {
    await this.#file.sync()
    await this.#file.close()
    await rename(this.#path, this.#final)
  }

  /** Leaves the bytes for the next download. */
  async release(): Promise<void> {
    await this.#file.close()
    await rename(this.#path, `${this.#final}.incomplete`)
  }
}

/** Files of downloads whose process was killed. */
async function leftBehind(final: string): Promise<string[]> {
  const folder = dirname(final)
  const left: string[] = []
  for (const name of await readdir(folder)) {
    if (!name.startsWith(`${basename(final)}.`)) continue
    const [, pid] = /\.(\d+)-[0-9a-f]{8}\.incomplete$/.exec(name) ?? []
    if (pid === undefined || isRunning(Number(pid))) continue
    // The process may be one of another machine that shares the cache.
    const info = await stat(join(folder, name)).catch(() => undefined)
    if (info !== undefined && Date.now() - info.mtimeMs > LEFT_AFTER) left.push(join(folder, name))
  }
  return left
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
