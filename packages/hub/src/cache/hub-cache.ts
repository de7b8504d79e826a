import { randomUUID } from 'node:crypto'
import { copyFile, mkdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { HeddleError } from '@heddle/core'
import { isCommit, isRelativePath } from '../hub-name.ts'
import { PartialFile } from './partial-file.ts'

/**
 * The files of one repository in the cache that huggingface_hub and transformers use as well:
 *
 * ```
 * models--org--name/blobs/<checksum>           a file
 *                   refs/<revision>            the commit of a branch or tag
 *                   snapshots/<commit>/<path>  a link to the file
 *                   .no_exist/<commit>/<path>  the repository has no such file
 * ```
 *
 * A file gets its name in `blobs` only when it is whole and checked.
 *
 * @see https://huggingface.co/docs/huggingface_hub/guides/manage-cache
 */
export class HubCache {
  readonly #folder: string

  /** @param cache the folder of all repositories */
  constructor(cache: string, repo: string) {
    this.#folder = join(cache, `models--${repo.replaceAll('/', '--')}`)
  }

  /** Folder of the files of a commit. */
  snapshot(commit: string): string {
    return join(this.#folder, 'snapshots', commit)
  }

  /** The commit that a revision stood for when it was last downloaded. */
  async commitOf(revision: string): Promise<string | undefined> {
    if (isCommit(revision)) return revision
    const text = await readFile(join(this.#folder, 'refs', revision), 'utf8').catch(() => '')
    return isCommit(text.trim()) ? text.trim() : undefined
  }

  async setCommit(revision: string, commit: string): Promise<void> {
    if (revision === commit || (await this.commitOf(revision)) === commit) return
    const path = join(this.#folder, 'refs', revision)
    await this.#saving(path, async () => {
      const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`
      await writeFile(temporary, commit)
      await rename(temporary, path)
    })
  }

  /** Whether the file of a commit is there. */
  has(commit: string, path: string): Promise<boolean> {
    return isFile(join(this.snapshot(commit), checked(path)))
  }

  /** Whether the repository is known to have no such file. */
  lacks(commit: string, path: string): Promise<boolean> {
    return isFile(join(this.#folder, '.no_exist', commit, checked(path)))
  }

  async setLacking(commit: string, path: string): Promise<void> {
    const mark = join(this.#folder, '.no_exist', commit, checked(path))
    await this.#saving(mark, () => writeFile(mark, ''))
  }

  read(commit: string, path: string): Promise<Uint8Array> {
    return readFile(join(this.snapshot(commit), checked(path)))
  }

  /** Adds a file to a commit, which `download` gets unless the cache has it from another commit. */
  async add(
    commit: string,
    path: string,
    etag: string,
    download: (target: PartialFile) => Promise<void>,
  ): Promise<void> {
    const blob = join(this.#folder, 'blobs', etag)
    const pointer = join(this.snapshot(commit), checked(path))
    await this.#saving(blob, async () => {
      if (await isFile(blob)) return
      const target = await PartialFile.claim(blob)
      try {
        await download(target)
      } catch (error) {
        await target.release()
        throw error
      }
      await target.finish()
    })
    await this.#saving(pointer, () => link(blob, pointer))
  }

  async #saving(path: string, save: () => Promise<void>): Promise<void> {
    try {
      await mkdir(dirname(path), { recursive: true })
      await save()
    } catch (error) {
      const { code, syscall } = error as NodeJS.ErrnoException
      if (syscall === undefined) throw error
      throw new HeddleError(
        'file',
        `${path}: expected to write it, got ${code}. Check the permissions and the free space, or choose another folder with HF_HUB_CACHE.`,
        { cause: error },
      )
    }
  }
}

const isFile = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined))?.isFile() ?? false

function checked(path: string): string {
  if (isRelativePath(path)) return path
  throw new HeddleError(
    'format',
    `Hub: expected a path inside the repository, got '${path}'. Do not use this repository.`,
  )
}

/** Makes a link, or a copy where the system has none. */
async function link(blob: string, pointer: string): Promise<void> {
  const temporary = `${pointer}.${randomUUID().slice(0, 8)}.tmp`
  try {
    await symlink(relative(dirname(pointer), blob), temporary)
  } catch (error) {
    if (!['EPERM', 'EACCES', 'ENOSYS', 'ENOTSUP', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw error
    await copyFile(blob, temporary)
  }
  try {
    await rename(temporary, pointer)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}
