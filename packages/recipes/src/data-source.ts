import { HeddleError } from '@heddle/core'

/** A file by name; where its bytes lie (disk, upload, memory) is the application's business. */
export interface DataFile {
  readonly name: string
  bytes(): Promise<Uint8Array>
}

/** What a recipe reads its examples from: a file, several, or the files of a folder. */
export interface DataSource {
  readonly name: string
  readonly files: readonly DataFile[]
}

/** A source of one file in memory. */
export function memorySource(name: string, content: string | Uint8Array): DataSource {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  return { name, files: [{ name, bytes: async () => bytes }] }
}

/**
 * The source's only file.
 *
 * @throws HeddleError `data` when there are several, or none
 */
export function onlyFile(source: DataSource, where: string): DataFile {
  const [file] = source.files
  if (file === undefined || source.files.length > 1) {
    throw new HeddleError(
      'data',
      `${where}: expected one data file, got ${source.files.length} in ${source.name}. Name a single file.`,
    )
  }
  return file
}

/** SHA-256 over the contents of all files, in hexadecimal: tells whether two sources are the same. */
export async function fingerprint(source: DataSource): Promise<string> {
  const parts: Uint8Array[] = []
  for (const file of source.files) {
    const bytes = await file.bytes()
    parts.push(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)))
  }
  const joined = new Uint8Array(parts.length * 32)
  parts.forEach((part, i) => {
    joined.set(part, 32 * i)
  })
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', joined))
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
