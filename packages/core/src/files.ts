import { periodicYield } from './periodic-yield.ts'

/** A file of which parts can be read. */
export interface RandomAccessFile {
  /** Size in bytes. */
  readonly size: number
  /** The bytes from `begin` up to `end`, which belong to the caller; fewer where the file ends before. */
  read(begin: number, end: number): Promise<Uint8Array>
  close(): Promise<void>
}

/** A place that holds files: a folder, a store in the browser, an address, memory. */
export interface FileFolder {
  /** Name for messages. */
  readonly name?: string
  /** The bytes of a file; undefined where there is none. */
  read(path: string): Promise<Uint8Array | undefined>
  /** Opens a file to read parts of it; undefined where there is none. Without it, files are read whole. */
  open?(path: string): Promise<RandomAccessFile | undefined>
}

/** Opens a file of a folder, or reads it whole where the folder cannot open files; undefined where there is none. */
export async function openFile(folder: FileFolder, path: string): Promise<RandomAccessFile | undefined> {
  if (folder.open !== undefined) return folder.open(path)
  const bytes = await folder.read(path)
  return bytes && fileOfBytes(bytes)
}

/** Bytes as a file. */
export const fileOfBytes = (bytes: Uint8Array): RandomAccessFile => ({
  size: bytes.byteLength,
  read: async (begin, end) => bytes.slice(begin, end),
  close: async () => {},
})

/** A Blob, such as a file that a visitor of a page chose, as a file. */
export const fileOfBlob = (blob: Blob): RandomAccessFile => ({
  size: blob.size,
  read: async (begin, end) => new Uint8Array(await blob.slice(begin, end).arrayBuffer()),
  close: async () => {},
})

/** The folder, of which nothing more is read once `signal` has aborted: reading rejects with its reason. */
export function abortableFolder(folder: FileFolder, signal: AbortSignal | undefined): FileFolder {
  if (signal === undefined) return folder
  const yieldNow = periodicYield(signal)
  const abortable = (file: RandomAccessFile): RandomAccessFile => ({
    size: file.size,
    async read(begin, end) {
      await yieldNow()
      return file.read(begin, end)
    },
    close: () => file.close(),
  })
  return {
    ...(folder.name !== undefined && { name: folder.name }),
    async read(path) {
      await yieldNow()
      return folder.read(path)
    },
    async open(path) {
      await yieldNow()
      const file = await openFile(folder, path)
      return file && abortable(file)
    },
  }
}
