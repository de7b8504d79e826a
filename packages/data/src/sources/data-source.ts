import { periodicYield } from '@heddle/core'

/** A file by name. The application decides where its bytes lie: on disk, in an upload, in memory. */
export interface DataFile {
  readonly name: string
  bytes(): Promise<Uint8Array>
  /** The files in it and in its folders, where the name is that of a folder; undefined where it is a file's. */
  files?(): Promise<readonly DataFile[] | undefined>
  /** Reading piece by piece, for files that may be larger than memory (default: by all bytes at once). */
  readonly pieces?: {
    /** Number of bytes. */
    size(): Promise<number>
    /** The bytes from `start` on, up to `end`, which lies within the file. */
    read(start: number, end: number): Promise<Uint8Array>
  }
}

/** Number of bytes of a file. */
export async function fileSize(file: DataFile): Promise<number> {
  return file.pieces?.size() ?? (await file.bytes()).length
}

/** The bytes of a file from `start` on, up to `end` or the end of the file. */
export async function readPiece(file: DataFile, start: number, end: number): Promise<Uint8Array> {
  const last = Math.min(end, await fileSize(file))
  return file.pieces?.read(start, last) ?? (await file.bytes()).subarray(start, last)
}

/** A file, several files, or the files of a folder. */
export interface DataSource {
  readonly name: string
  readonly files: readonly DataFile[]
  /** Where the application finds them again. */
  readonly paths?: readonly string[]
}

/** A source of one file in memory. Text is encoded as UTF-8. */
export function memorySource(name: string, content: string | Uint8Array): DataSource {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  return { name, files: [{ name, bytes: async () => bytes }] }
}

/** The source, of which nothing more is read once `signal` has aborted: reading rejects with its reason. */
export function abortableSource(source: DataSource, signal: AbortSignal | undefined): DataSource {
  if (signal === undefined) return source
  const yieldNow = periodicYield(signal)
  const abortable = (file: DataFile): DataFile => ({
    name: file.name,
    async bytes() {
      await yieldNow()
      return file.bytes()
    },
    ...(file.files && {
      async files() {
        await yieldNow()
        return (await file.files!())?.map(abortable)
      },
    }),
    ...(file.pieces && {
      pieces: {
        size: () => file.pieces!.size(),
        async read(start, end) {
          await yieldNow()
          return file.pieces!.read(start, end)
        },
      },
    }),
  })
  return { ...source, files: source.files.map(abortable) }
}
