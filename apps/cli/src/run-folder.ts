import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { HeddleError } from '@heddle/core'
import { shellWord } from '@heddle/tasks'

/**
 * The folder for a new run: the one that is asked for, or runs/<recipe>-<seed> with a number added while that is taken.
 * A folder that holds anything is never used. It is made when the first file is written.
 *
 * @throws HeddleError `file` when the folder that is asked for is not empty
 */
export async function newRunFolder(
  wanted: string | undefined,
  recipe: string,
  seed: number,
  command: 'train' | 'search' = 'train',
): Promise<string> {
  if (wanted !== undefined) {
    await requireFreeFolder(wanted, `, or continue it with: heddle ${command} --resume ${shellWord(wanted)}`)
    return wanted
  }
  const base = join('runs', `${recipe.replace(/[^\w.-]+/g, '-')}-${seed}`)
  let folder = base
  for (let n = 2; (await occupied(folder)) !== undefined; n++) folder = `${base}-${n}`
  return folder
}

/**
 * @param orResume continuation of the advice where the folder holds a run
 * @throws HeddleError `file` when a folder is not empty, or a file
 */
export async function requireFreeFolder(wanted: string, orResume = ''): Promise<void> {
  const taken = await occupied(wanted)
  if (taken === undefined) return
  throw new HeddleError(
    'file',
    `--out: expected a new or empty folder, got ${wanted}, which holds ${taken === 'run' ? 'a run' : taken === 'search' ? 'a search' : 'something'}. Choose another${taken !== 'other' && orResume !== '' ? orResume : '.'}`,
  )
}

/** @throws HeddleError `file` when there is no such folder, or no run in it */
export async function existingRun(folder: string): Promise<string> {
  const info = await stat(folder).catch(() => undefined)
  if (info === undefined) {
    throw new HeddleError('file', `${folder}: expected the folder of a run, got none. Check the path.`)
  }
  if (!info.isDirectory()) {
    throw new HeddleError(
      'file',
      `${folder}: expected the folder of a run, got a file. Name the folder that holds config.json.`,
    )
  }
  return folder
}

async function occupied(folder: string): Promise<'run' | 'search' | 'other' | undefined> {
  try {
    const names = await readdir(folder)
    if (names.length === 0) return undefined
    return names.includes('config.json') ? 'run' : names.includes('study.json') ? 'search' : 'other'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : 'other'
  }
}
