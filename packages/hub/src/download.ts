import { addressOf, type HubFile } from './file-info.ts'
import type { Hub } from './hub.ts'
import { connectionError, HubError } from './hub-error.ts'
import type { HubName } from './hub-name.ts'
import { contentLength, sendRequest } from './request.ts'
import { Retries } from './retries.ts'
import { statusError } from './status-error.ts'

/** A place that a file is downloaded to; it may have the first bytes already. */
export interface DownloadTarget {
  /** Bytes that are there. */
  readonly size: number
  /** Adds bytes at the end. */
  append(bytes: Uint8Array): Promise<void>
  /** Discards the bytes that are there. */
  clear(): Promise<void>
  /** Hash of the prefix and all bytes, in hex. */
  digest(algorithm: 'SHA-1' | 'SHA-256', prefix: string): Promise<string>
}

export interface DownloadOptions {
  readonly signal?: AbortSignal | undefined
  /** Called with the number of bytes that are there, as they arrive. */
  readonly onBytes?: ((bytes: number) => void) | undefined
}

/**
 * Downloads a file and checks its size and its checksum. An interrupted connection is resumed where it ended; so is a download of
 * before, whose bytes the target still has.
 *
 * @throws HubError `network`; bytes that may serve a later download are kept, those of a wrong size or checksum are discarded
 */
export async function downloadFile(
  hub: Hub,
  name: HubName,
  file: HubFile,
  target: DownloadTarget,
  { signal, onBytes }: DownloadOptions = {},
): Promise<void> {
  const address = addressOf(hub, name, file.path)
  const retries = new Retries(hub, signal)
  let isOurs = target.size === 0
  const clear = async () => {
    isOurs = true
    await target.clear()
  }
  if (file.size !== undefined && target.size > file.size) await clear()
  onBytes?.(target.size)
  for (;;) {
    const before = target.size
    try {
      if (file.size !== target.size) await receive()
    } catch (error) {
      if (target.size > before) retries.progressed()
      await retries.after(error)
      continue
    }
    const wrong = await wrongChecksum(address, file, target)
    if (wrong === undefined) return
    const wasOurs = isOurs
    await clear()
    if (wasOurs) throw wrong
  }

  /** Takes what one request gives. */
  async function receive(): Promise<void> {
    const from = target.size
    const answer = await sendRequest(hub, address, { method: 'GET', from, signal })
    try {
      const { response } = answer
      if (response.status === 416) {
        await clear()
        throw connectionError(address, `expected bytes from ${from} on, got 416`)
      }
      if (!response.ok) throw statusError(hub, name, file.path, response)
      if (response.status !== 206 && from > 0) await clear()
      const total = totalOf(response, from)
      if (total !== undefined && file.size !== undefined && total !== file.size) throw await wrongSize(total)
      const expected = file.size ?? total
      for (let bytes = await answer.read(); bytes !== undefined; bytes = await answer.read()) {
        if (expected !== undefined && target.size + bytes.byteLength > expected) {
          throw await wrongSize(`at least ${target.size + bytes.byteLength}`)
        }
        await target.append(bytes)
        onBytes?.(target.size)
      }
      if (expected !== undefined && target.size < expected) {
        throw connectionError(address, `expected ${expected} bytes, got the end after ${target.size}`)
      }
    } finally {
      await answer.close()
    }
  }

  /** Size of the whole file by the headers of a response. */
  function totalOf(response: Response, from: number): number | undefined {
    const { status, headers } = response
    if (status === 206) {
      const [, begin, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('Content-Range') ?? '') ?? []
      if (Number(begin ?? Number.NaN) !== from) {
        throw new HubError(
          'network',
          `${address}: expected bytes from ${from} on, got the range '${headers.get('Content-Range')}'. Try again later.`,
        )
      }
      return total === undefined || total === '*' ? undefined : Number(total)
    }
    const length = contentLength(response)
    return length === null ? undefined : Number(length)
  }

  async function wrongSize(got: number | string): Promise<HubError> {
    await clear()
    return new HubError(
      'network',
      `${address}: expected ${file.size} bytes, got ${got}. Nothing was kept. Try again later, or check HF_ENDPOINT and the network.`,
    )
  }
}

/** Compares with the SHA-256 that a large file has as its tag, or with git's SHA-1 of a small one; other tags say nothing. */
async function wrongChecksum(
  address: string,
  { etag }: HubFile,
  target: DownloadTarget,
): Promise<HubError | undefined> {
  let got: string
  if (/^[0-9a-f]{64}$/.test(etag ?? '')) got = await target.digest('SHA-256', '')
  else if (/^[0-9a-f]{40}$/.test(etag ?? '')) got = await target.digest('SHA-1', `blob ${target.size}\0`)
  else return undefined
  if (got === etag) return undefined
  return new HubError(
    'network',
    `${address}: expected the checksum ${etag}, got ${got}. Nothing was kept. Try again later, or check HF_ENDPOINT and the network.`,
  )
}
