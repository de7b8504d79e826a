import type { Hub } from './hub.ts'
import { HubError } from './hub-error.ts'
import type { HubName } from './hub-name.ts'

/** Statuses that may pass: time-outs, too many requests, a server that is busy. */
const TEMPORARY = new Set([408, 429, 500, 502, 503, 504])

/** Whether the repository has no such file, in contrast to there being no such repository or revision. */
export const isMissingFile = ({ status, headers }: Response): boolean =>
  status === 404 && (headers.get('X-Error-Code') ?? 'EntryNotFound') === 'EntryNotFound'

/** The error for a response that is none of success. */
export function statusError(hub: Hub, { repo, revision }: HubName, path: string, response: Response): HubError {
  const { status, headers } = response
  const where = `${hub.endpoint}/${repo}`
  const code = headers.get('X-Error-Code')
  const said = headers.get('X-Error-Message')
  const got = `${status}${said === null ? '' : ` (${said.slice(0, 200)})`}`
  if (code === 'RevisionNotFound') {
    return new HubError('file', `${where}: expected the revision '${revision}', got none. Check the part behind '@'.`)
  }
  if (code === 'GatedRepo' || status === 403) {
    const advice =
      hub.token === undefined
        ? 'set HF_TOKEN to a token of an account that has access'
        : 'check what the token of HF_TOKEN may read'
    return new HubError(
      'network',
      `${where}: expected access to '${path}', got ${got}. Accept the conditions on that page, and ${advice}.`,
    )
  }
  if (status === 401 || code === 'RepoNotFound') {
    const advice =
      hub.token === undefined
        ? 'Check the name; for a private one set HF_TOKEN.'
        : 'Check the name, and that the token of HF_TOKEN is valid and may read it.'
    return new HubError(
      status === 401 ? 'network' : 'file',
      `${where}: expected a repository that may be read, got ${got}: there is none of this name, or it is private. ${advice}`,
    )
  }
  if (status === 404)
    return new HubError('file', `${where}: expected '${path}' at '${revision}', got 404. Check the name.`)
  const isTemporary = TEMPORARY.has(status)
  const retryAfter = isTemporary ? retryAfterOf(headers) : undefined
  const advice =
    retryAfter !== undefined
      ? `Try again in ${Math.ceil(retryAfter / 1000)} seconds.`
      : isTemporary
        ? 'Try again later.'
        : 'Check HF_ENDPOINT and the name.'
  return new HubError('network', `${where}: expected '${path}', got ${got}. ${advice}`, { isTemporary, retryAfter })
}

/** The header Retry-After, in milliseconds: a number of seconds, or a date. */
function retryAfterOf(headers: Headers): number | undefined {
  const value = headers.get('Retry-After')
  if (value === null) return undefined
  const milliseconds = /^\d+$/.test(value) ? 1000 * Number(value) : Date.parse(value) - Date.now()
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds)
}
