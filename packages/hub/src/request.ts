import type { Hub } from './hub.ts'
import { connectionError, HubError } from './hub-error.ts'

const MOST_REDIRECTS = 10

export interface RequestOptions {
  readonly method: 'GET' | 'HEAD'
  /** First byte that is wanted. */
  readonly from?: number
  readonly signal?: AbortSignal | undefined
  /** Whether a redirect is the answer, because it says all that is wanted. */
  readonly endsAt?: (redirect: Response) => boolean
}

/** A response whose body is read under the same watch as its head. */
export interface WatchedResponse {
  readonly response: Response
  /** The next part of the body; undefined at its end. */
  read(): Promise<Uint8Array | undefined>
  /** Ends the connection, however much of the body was read. */
  close(): Promise<void>
}

/**
 * Sends one request and follows its redirects. The token goes to the hub's own origin only, and no longer once a redirect left it.
 * A browser shows no redirects to its pages; it follows them itself, and drops the token by the same rule (Fetch standard).
 *
 * @throws HubError, temporary, when the connection fails or is silent for longer than the hub's time-out
 */
export async function sendRequest(hub: Hub, address: string, options: RequestOptions): Promise<WatchedResponse> {
  const { signal } = options
  const silence = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const watched = async <T>(step: Promise<T>): Promise<T> => {
    timer = setTimeout(() => silence.abort(), hub.timeout)
    try {
      return await step
    } catch (error) {
      signal?.throwIfAborted()
      if (error instanceof HubError) throw error
      const reason = silence.signal.aborted
        ? `expected an answer, got none for ${hub.timeout / 1000} seconds`
        : `expected an answer, got a failed connection (${reasonOf(error)})`
      throw connectionError(address, reason, error)
    } finally {
      clearTimeout(timer)
    }
  }
  const either = signal === undefined ? silence.signal : AbortSignal.any([signal, silence.signal])
  const response = await watched(followed(hub, address, options, either))
  const reader = response.body?.getReader()
  return {
    response,
    read: async () => (reader === undefined ? undefined : (await watched(reader.read())).value),
    close: async () => {
      await reader?.cancel().catch(() => {})
    },
  }
}

async function followed(hub: Hub, address: string, options: RequestOptions, signal: AbortSignal): Promise<Response> {
  const { origin } = new URL(hub.endpoint)
  let target = new URL(address)
  let isTrusted = true
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    isTrusted &&= target.origin === origin
    // Sizes and ranges are those of the file itself only without compression.
    const headers: Record<string, string> = { 'Accept-Encoding': 'identity' }
    if (isTrusted && hub.token !== undefined) headers['Authorization'] = `Bearer ${hub.token}`
    if (options.from) headers['Range'] = `bytes=${options.from}-`
    const init = { method: options.method, headers, signal }
    const response = await fetch(target, { ...init, redirect: 'manual' })
    if (response.type === 'opaqueredirect') return fetch(target, { ...init, redirect: 'follow' })
    const location = response.headers.get('Location')
    if (response.status < 300 || response.status > 399 || location === null) return response
    if (options.endsAt?.(response)) return response
    await response.body?.cancel()
    const next = URL.canParse(location, target) ? new URL(location, target) : undefined
    const isDowngrade = target.protocol === 'https:' && next?.protocol !== 'https:'
    if (next === undefined || !/^https?:$/.test(next.protocol) || isDowngrade) {
      throw new HubError(
        'network',
        `${address}: expected a redirect to an https address, got '${location.slice(0, 200)}'. Check HF_ENDPOINT and the network.`,
      )
    }
    target = next
  }
  throw new HubError(
    'network',
    `${address}: expected at most ${MOST_REDIRECTS} redirects, got more. Check HF_ENDPOINT and the network.`,
  )
}

/**
 * Header Content-Length where it is the size of the file, so not that of a compressed one. Pages do not get to see whether a response
 * of another origin was compressed; binary files are not.
 */
export function contentLength({ type, headers }: Response): string | null {
  const mayBeCompressed = type === 'cors' && !/octet-stream/.test(headers.get('Content-Type') ?? '')
  return headers.has('Content-Encoding') || mayBeCompressed ? null : headers.get('Content-Length')
}

/** The reason that fetch hides in the cause of its errors. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  if (cause instanceof Error) return (cause as NodeJS.ErrnoException).code ?? cause.message
  return String(cause)
}
