import { HeddleError } from '@heddle/core'
import type { DownloadTarget } from './download.ts'

/** Keeps a file in memory, once where its size is known. */
export class MemoryTarget implements DownloadTarget {
  #bytes: Uint8Array<ArrayBuffer>
  #size = 0

  /** @param capacity bytes that are expected */
  constructor(capacity = 0) {
    this.#bytes = new Uint8Array(capacity)
  }

  get size(): number {
    return this.#size
  }

  /** The bytes so far, which share the memory. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#size)
  }

  async append(bytes: Uint8Array): Promise<void> {
    const size = this.#size + bytes.byteLength
    if (size > this.#bytes.byteLength) {
      const larger = new Uint8Array(Math.max(size, 2 * this.#bytes.byteLength))
      larger.set(this.bytes)
      this.#bytes = larger
    }
    this.#bytes.set(bytes, this.#size)
    this.#size = size
  }

  async clear(): Promise<void> {
    this.#size = 0
  }

  /** @throws HeddleError `usage` on a page that is not served by https or from localhost, as browsers have no hashes there */
  async digest(algorithm: 'SHA-1' | 'SHA-256', prefix: string): Promise<string> {
    if (globalThis.crypto?.subtle === undefined) {
      throw new HeddleError(
        'usage',
        'Hub: expected a page that is served by https or from localhost, got another. Checksums need it.',
      )
    }
    const head = new TextEncoder().encode(prefix)
    let { bytes } = this
    if (head.byteLength > 0) {
      bytes = new Uint8Array(head.byteLength + this.#size)
      bytes.set(head)
      bytes.set(this.bytes, head.byteLength)
    }
    const hash = new Uint8Array(await crypto.subtle.digest(algorithm, bytes))
    return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  }
}
