import type { Hub } from './hub.ts'
import { HubError } from './hub-error.ts'
import type { HubName } from './hub-name.ts'
import { isCommit } from './hub-name.ts'
import { contentLength, sendRequest } from './request.ts'
import { withRetries } from './retries.ts'
import { isMissingFile, statusError } from './status-error.ts'

/** A file of a repository, as the hub describes it. */
export interface HubFile {
  readonly path: string
  /** SHA-256 of a file that the hub keeps outside of git, git's SHA-1 of any other; undefined where the browser hides it. */
  readonly etag: string | undefined
  /** Size in bytes; undefined where the server does not say. */
  readonly size: number | undefined
}

export interface HubAnswer {
  /** The commit that the revision stands for; undefined where the browser hides it. */
  readonly commit: string | undefined
  /** Undefined where the repository has no such file. */
  readonly file: HubFile | undefined
}

/** Address of a file: `{endpoint}/{org}/{name}/resolve/{revision}/{path}`. */
export const addressOf = ({ endpoint }: Hub, { repo, revision }: HubName, path: string): string =>
  `${endpoint}/${repo}/resolve/${encodeURIComponent(revision)}/${path.split('/').map(encodeURIComponent).join('/')}`

/**
 * Asks the hub for the commit, the checksum and the size of a file.
 *
 * @throws HubError `file` when there is no such repository or revision; `network` when it cannot be reached or refuses
 * @see huggingface_hub, get_hf_file_metadata
 */
export function describeFile(hub: Hub, name: HubName, path: string, signal?: AbortSignal): Promise<HubAnswer> {
  return withRetries(hub, signal, async () => {
    const endsAt = ({ headers }: Response) => headers.has('X-Linked-Etag') || headers.has('X-Repo-Commit')
    const answer = await sendRequest(hub, addressOf(hub, name, path), { method: 'HEAD', signal, endsAt })
    await answer.close()
    const { response } = answer
    const { headers } = response
    const commit = headers.get('X-Repo-Commit') ?? undefined
    if (commit !== undefined && !isCommit(commit)) throw malformed(hub, 'X-Repo-Commit', 'a commit hash', commit)
    if (isMissingFile(response)) return { commit, file: undefined }
    if (response.status >= 400) throw statusError(hub, name, path, response)
    // The tag and the size of another server, to which a browser was sent on, may be of another kind.
    const etag =
      headers.get('X-Linked-Etag') ?? (commit === undefined || response.status >= 300 ? null : headers.get('ETag'))
    const size = headers.get('X-Linked-Size') ?? (response.status >= 300 ? null : contentLength(response))
    return { commit, file: { path, etag: plainTag(hub, etag), size: numberOf(hub, size) } }
  })
}

/** The tag without quotes and the mark of a weak one. It becomes a file name in the cache. */
function plainTag(hub: Hub, value: string | null): string | undefined {
  if (value === null) return undefined
  const tag = value.replace(/^W\//, '').replace(/^"(.*)"$/, '$1')
  if (!/^[\w-][\w.-]{0,127}$/.test(tag)) throw malformed(hub, 'ETag', 'a checksum', tag)
  return tag
}

function numberOf(hub: Hub, value: string | null): number | undefined {
  if (value === null) return undefined
  const size = Number(value)
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(size)) throw malformed(hub, 'size', 'a number of bytes', value)
  return size
}

const malformed = ({ endpoint }: Hub, header: string, expected: string, got: string) =>
  new HubError(
    'network',
    `${endpoint}: expected ${expected} as ${header}, got '${got.slice(0, 100)}'. Check that HF_ENDPOINT is a hub.`,
  )
