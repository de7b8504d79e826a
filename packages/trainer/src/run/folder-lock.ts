import { mkdir, open, readFile, rm, rmdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { HeddleError } from '@heddle/core'
import { isRunning, type ProcessIdentity, parseIdentity, thisProcess } from './process-identity.ts'

const FILE = 'run.lock'
/** Age in milliseconds from which a lock file without a complete identity is left from a crash, not in the making. */
const TORN_MS = 2000
/** Age from which a takeover is left from a crash; taking over takes milliseconds. */
const TAKEOVER_MS = 10_000
const RETRY_MS = 30

/**
 * The file `run.lock` in the folder of a run: it names the process that writes there. A lock of a process that no longer runs on
 * this host is taken over.
 */
export class FolderLock {
  readonly #folder: string
  readonly #owner: ProcessIdentity
  readonly #madeFolder: boolean

  private constructor(folder: string, owner: ProcessIdentity, madeFolder: boolean) {
    this.#folder = folder
    this.#owner = owner
    this.#madeFolder = madeFolder
  }

  /** @throws HeddleError `file`, naming the process that has the lock */
  static async acquire(folder: string): Promise<FolderLock> {
    const path = join(folder, FILE)
    const owner = await thisProcess()
    const madeFolder = (await mkdir(folder, { recursive: true })) !== undefined
    for (;;) {
      if (await createExclusively(path, JSON.stringify(owner))) return new FolderLock(folder, owner, madeFolder)
      const text = await readIfThere(path)
      if (text === undefined) continue
      const other = parseIdentity(text)
      if (other !== undefined && (await isRunning(other))) throw new HeddleError('file', inUse(folder, other))
      if (other !== undefined || (await ageOf(path)) > TORN_MS) await removeStale(path, text)
      else await wait(RETRY_MS)
    }
  }

  /** @throws HeddleError `file` when the folder is gone, or the lock is no longer this one */
  async check(): Promise<void> {
    const text = await readIfThere(join(this.#folder, FILE))
    const other = text === undefined ? undefined : parseIdentity(text)
    if (other?.token === this.#owner.token) return
    if (other !== undefined) throw new HeddleError('file', inUse(this.#folder, other))
    throw new HeddleError(
      'file',
      `FolderStore: expected '${this.#folder}' to hold this run's ${FILE}, got none: the folder was deleted, moved or emptied. ` +
        'Nothing was saved since. Put it back, or train again.',
    )
  }

  async release(): Promise<void> {
    const path = join(this.#folder, FILE)
    const text = await readIfThere(path)
    if (text === undefined || parseIdentity(text)?.token !== this.#owner.token) return
    await rm(path, { force: true })
    // A run that never wrote anything leaves no folder.
    if (this.#madeFolder) await rmdir(this.#folder).catch(() => {})
  }
}

function inUse(folder: string, { pid, host, started }: ProcessIdentity): string {
  return (
    `FolderStore: expected '${folder}' to be free, got a run that process ${pid} on ${host} (started ${started}) is writing. ` +
    `Wait until it ends, stop it, or use another folder. If it no longer runs, delete '${join(folder, FILE)}'.`
  )
}

/** Removes the lock file unless it has changed from `text`; only one process does so at a time. */
async function removeStale(path: string, text: string): Promise<void> {
  const takeover = `${path}.takeover`
  if (await createExclusively(takeover, '')) {
    try {
      if ((await readIfThere(path)) === text) await rm(path, { force: true })
    } finally {
      await rm(takeover, { force: true })
    }
  } else {
    if ((await ageOf(takeover)) > TAKEOVER_MS) await rm(takeover, { force: true })
    await wait(RETRY_MS)
  }
}

/** @returns false when the file exists */
async function createExclusively(path: string, text: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx')
    try {
      await file.writeFile(text)
    } finally {
      await file.close()
    }
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function ageOf(path: string): Promise<number> {
  const info = await stat(path).catch(() => undefined)
  return info === undefined ? 0 : Date.now() - info.mtimeMs
}
