import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { HeddleError } from '@heddle/core'

/** Writes a folder beside its place and renames it, so that it is there as a whole or not at all. */
export async function writeFolder(out: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const target = resolve(out)
  const temporary = `${target}.${randomUUID().slice(0, 8)}.tmp`
  try {
    await mkdir(dirname(target), { recursive: true })
    await mkdir(temporary)
    for (const [path, bytes] of files) {
      await mkdir(dirname(join(temporary, path)), { recursive: true })
      await writeFile(join(temporary, path), bytes, { flush: true })
    }
    // Only an empty folder may be in the way.
    await rmdir(target).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
    await rename(temporary, target)
  } catch (cause) {
    await rm(temporary, { recursive: true, force: true })
    throw new HeddleError(
      'file',
      `--out: expected to write ${out}, got ${(cause as Error).message}. Choose another folder.`,
      {
        cause,
      },
    )
  }
}
