import { type FileFolder, HeddleError } from '@heddle/core'
import { downloadFile } from './download.ts'
import { addressOf, describeFile } from './file-info.ts'
import { type HubOptions, hubOf } from './hub.ts'
import { isCommit, isRelativePath, parseHubName } from './hub-name.ts'
import { MemoryTarget } from './memory-target.ts'

export interface HubFolderOptions extends HubOptions {
  /** Keeps files for the next visit: `await caches.open('models')` in a browser. */
  readonly cache?: Pick<Cache, 'match' | 'put'>
  readonly signal?: AbortSignal
  /** Called as the bytes of a file arrive; the total is undefined where the server does not say. */
  readonly onProgress?: (progress: {
    readonly file: string
    readonly received: number
    readonly total: number | undefined
  }) => void
}

/**
 * A repository of the hub as a folder, whose files are downloaded into memory when they are read: for a browser, where it runs without
 * any other storage. `pretrainedFolder` of `@heddle/hub/node` keeps them on disk.
 *
 * All files are of the commit of the first that is read. A browser hides the checksum of files that the hub sends from another host,
 * such as weights; their size is checked there, and the checksum of all others.
 *
 * @param name `org/name` or `org/name@revision`
 * @throws HeddleError `usage` for another name; reading throws `file` or `network`
 */
export function hubFolder(name: string, options: HubFolderOptions = {}): FileFolder {
  const given = parseHubName(name)
  if (given === undefined) {
    throw new HeddleError('usage', `hubFolder: expected org/name or org/name@revision, got '${name}'. Check the name.`)
  }
  const { cache, signal, onProgress } = options
  const hub = hubOf(options)
  let pinned = given
  return {
    name,
    async read(path) {
      if (!isRelativePath(path)) {
        throw new HeddleError('usage', `${name}: expected a path inside the repository, got '${path}'. Check the path.`)
      }
      const kept = isCommit(pinned.revision) ? await cache?.match(addressOf(hub, pinned, path)) : undefined
      if (kept !== undefined) return new Uint8Array(await kept.arrayBuffer())
      const { commit, file } = await describeFile(hub, pinned, path, signal)
      if (commit !== undefined && !isCommit(pinned.revision)) pinned = { ...pinned, revision: commit }
      if (file === undefined) return undefined
      const target = new MemoryTarget(file.size)
      await downloadFile(hub, pinned, file, target, {
        signal,
        onBytes: (received) => onProgress?.({ file: path, received, total: file.size }),
      })
      // A branch may stand for other files on the next visit.
      if (isCommit(pinned.revision)) await cache?.put(addressOf(hub, pinned, path), new Response(target.bytes))
      return target.bytes
    },
  }
}
