import { HeddleError } from '@heddle/core'

/** The hub that files come from, and the time-outs and attempts of a download. */
export interface HubOptions {
  /** Address of the hub (default: `https://huggingface.co`). */
  readonly endpoint?: string | undefined
  /** Access token, which no other host gets to see. */
  readonly token?: string | undefined
  /** Milliseconds of silence after which a connection counts as interrupted (default: 30,000). */
  readonly timeout?: number | undefined
  /** Failures in a row, without a new byte between them, after which the download fails (default: 5). */
  readonly attempts?: number | undefined
  /** Longest time in milliseconds that a server may ask to wait (default: 60,000). */
  readonly longestWait?: number | undefined
  /** Waits between two requests; rejects when the signal aborts. */
  readonly wait?: ((milliseconds: number, signal?: AbortSignal) => Promise<void>) | undefined
}

/** The options with their defaults. */
export interface Hub {
  /** Without a slash at the end. */
  readonly endpoint: string
  readonly token: string | undefined
  readonly timeout: number
  readonly attempts: number
  readonly longestWait: number
  wait(milliseconds: number, signal?: AbortSignal): Promise<void>
}

/** @throws HeddleError `config` for an endpoint that is no address, or a token that cannot be sent */
export function hubOf(options: HubOptions = {}): Hub {
  const { endpoint = 'https://huggingface.co', token, timeout = 30_000, attempts = 5, longestWait = 60_000 } = options
  if (!/^https?:$/.test(URL.canParse(endpoint) ? new URL(endpoint).protocol : '')) {
    throw new HeddleError(
      'config',
      `HF_ENDPOINT: expected an address such as https://huggingface.co, got '${endpoint}'.`,
    )
  }
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    throw new HeddleError(
      'config',
      'HF_TOKEN: expected a token of letters, digits and signs, got other characters. Copy it again.',
    )
  }
  return { endpoint: endpoint.replace(/\/+$/, ''), token, timeout, attempts, longestWait, wait: options.wait ?? wait }
}

function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal!.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, milliseconds)
    signal?.addEventListener('abort', stop, { once: true })
  })
}
