import { type DataFile, type DataSource, readPiece, sizeOf } from './data-source.ts'

/** Files above this are hashed piece by piece, as they may be larger than memory. */
const PIECE = 2 ** 26

/**
 * SHA-256 over the contents of all files in their order, in hexadecimal. Names do not count. A file of more than 64 MiB is hashed by
 * the hashes of its pieces of 64 MiB.
 */
export async function fingerprint(source: DataSource, piece = PIECE): Promise<string> {
  const hash = await joined(source.files.map((file) => () => hashOf(file, piece)))
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

async function hashOf(file: DataFile, piece: number): Promise<Uint8Array> {
  const size = await sizeOf(file)
  if (size <= piece) return sha256(await file.bytes())
  const starts = Array.from({ length: Math.ceil(size / piece) }, (_, i) => i * piece)
  return joined(starts.map((start) => async () => sha256(await readPiece(file, start, start + piece))))
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
