import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { HeddleError } from '@heddle/core'
import type { Folder } from './pretrained/folder.ts'
import { readTokenizerFolder } from './pretrained/read-folder.ts'
import type { Tokenizer } from './tokenizer.ts'
import type { ReadOptions } from './tokenizer-json.ts'

/** A folder on disk. */
export const diskFolder = (path: string): Folder => ({
  name: path,
  async read(name) {
    const file = join(path, name)
    try {
      return new Uint8Array(await readFile(file))
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
      throw new HeddleError('file', `${file}: expected a readable file, got ${code}. Check the path.`, { cause })
    }
  },
})

/**
 * Reads the tokenizer of a folder on disk, as `Tokenizer.fromFolder` does of any other.
 *
 * @throws HeddleError `file` if the folder has no tokenizer; `format` if a file is malformed
 */
export const loadTokenizer = (path: string, options: ReadOptions = {}): Promise<Tokenizer> =>
  readTokenizerFolder(diskFolder(path), options)
