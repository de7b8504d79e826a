import type { DataSource } from './data-source.ts'

/** SHA-256 over the contents of all files in their order, in hexadecimal. Names do not count. */
export async function fingerprint(source: DataSource): Promise<string> {
  const joined = new Uint8Array(source.files.length * 32)
  for (const [i, file] of source.files.entries()) joined.set(await sha256(await file.bytes()), 32 * i)
  return [...(await sha256(joined))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>))
}
