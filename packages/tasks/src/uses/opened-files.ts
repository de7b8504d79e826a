import { HeddleError } from '@heddle/core'
import type { DataFile } from '@heddle/data'

/** Opens the file that an input names. */
export interface FileOpener {
  openFile?(path: string): DataFile
}

/**
 * The files that inputs name.
 *
 * @throws HeddleError `usage` where the application does not open files
 */
export function openedFiles(inputs: readonly string[], { openFile }: FileOpener): DataFile[] {
  if (openFile === undefined) {
    throw new HeddleError('usage', 'files: expected an application that opens files, got one that does not.')
  }
  return inputs.map((path) => openFile(path))
}
