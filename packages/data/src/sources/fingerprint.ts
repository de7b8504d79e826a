import { type DataFile, type DataSource, fileSize, readPiece } from './data-source.ts'

/** Bytes above which a file is hashed by samples, as it may be larger than memory, and reading all of it takes minutes. */
const LARGE = 2 ** 26
/** Number of samples of a large file, which together have `LARGE` bytes. */
const SAMPLES = 256

/**
 * SHA-256 over the contents of all files in their order, in hexadecimal. Names do not count. A file of more than 64 MiB is hashed by
 * its size and 256 pieces that are spread evenly from its start to its end, 64 MiB in all.
 */
export async function fingerprint(source: DataSource, large = LARGE): Promise<string> {
  const hash = await joined(source.files.map((file) => () => hashOf(file, large)))
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

async function hashOf(file: DataFile, large: number): Promise<Uint8Array> {
  const size = await fileSize(file)
  if (size <= large) return sha256(await file.bytes())
  const length = Math.ceil(large / SAMPLES)
  const starts = Array.from({ length: SAMPLES }, (_, i) => Math.floor((i * (size - length)) / (SAMPLES - 1)))
  return joined([
    () => sha256(new TextEncoder().encode(`${size}`)),
    ...starts.map((start) => async () => sha256(await readPiece(file, start, start + length))),
  ])
}

/** The hash of hashes, which are made one by one. */
async function joined(hashes: readonly (() => Promise<Uint8Array>)[]): Promise<Uint8Array> {
  const bytes = new Uint8Array(hashes.length * 32)
  for (const [i, hash] of hashes.entries()) bytes.set(await hash(), 32 * i)
  return sha256(bytes)
}

async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>))
}
