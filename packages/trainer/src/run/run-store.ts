import type { RandomAccessFile } from '@heddle/core'

/** Storage for the files of a run: a folder, the browser's storage, memory. Paths use '/' and are relative to the run. */
export interface RunStore {
  /** Returns a file's bytes, or undefined when there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>
  /** Opens a file to read parts of it, or returns undefined when there is no such file. Without it, files are read whole. */
  open?(path: string): Promise<RandomAccessFile | undefined>
  /** Replaces a file atomically: a crash leaves the old content or the new, never a part of it. */
  write(path: string, bytes: Uint8Array): Promise<void>
  /** Adds text or bytes to the end of a file; a crash may leave a part of them. */
  append(path: string, content: string | Uint8Array): Promise<void>
  /** Does nothing when there is no such file. */
  remove(path: string): Promise<void>
  /** Lists the paths of the files below a folder, leftovers of interrupted writes included. */
  list(folder: string): Promise<string[]>
  /**
   * Claims the run until the returned function is called, so that no other process changes it. A store that holds the claim
   * already may be locked again; the run is free when every returned function was called.
   *
   * @throws HeddleError `file`, naming the process that has the run
   */
  lock?(): Promise<() => Promise<void>>
}
