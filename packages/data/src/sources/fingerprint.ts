import { type DataFile, type DataSource, fileSize, readPiece } from './data-source.ts'

/** Bytes above which a file is hashed in pieces, as it may be larger than memory. */
const LARGE = 2 ** 26
const PIECE = 2 ** 22

/** Hashes of files that were read already: a command asks several times whether data are the same. */
const known = new WeakMap<DataFile, Promise<Uint8Array>>()

/**
 * SHA-256 over the contents of all files in their order, in hexadecimal. Names do not count. Every byte of a file is read once; a file of
 * more than 64 MiB, which may be larger than memory, is hashed by its size and the hashes of its pieces of 4 MiB.
 */
export async function fingerprint(source: DataSource, large = LARGE, piece = PIECE): Promise<string> {
  const hashOnce = (file: DataFile) => {
    const hash = known.get(file) ?? hashOf(file, large, piece)
    known.set(file, hash)
    // A file that could not be read may be read later.
    hash.catch(() => known.delete(file))
    return hash
  }
  const hash = await joined(source.files.map((file) => () => hashOnce(file)))
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

async function hashOf(file: DataFile, large: number, piece: number): Promise<Uint8Array> {
  const size = await fileSize(file)
  if (size <= large) return sha256(await file.bytes())
  const starts = Array.from({ length: Math.ceil(size / piece) }, (_, i) => i * piece)
  return joined([
    () => sha256(new TextEncoder().encode(`${size}`)),
    ...starts.map((start) => async () => sha256(await readPiece(file, start, start + piece))),
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
