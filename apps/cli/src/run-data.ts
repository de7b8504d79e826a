import { stat } from 'node:fs/promises'
import { HeddleError } from '@heddle/core'
import type { RunConfig } from '@heddle/tasks'

/**
 * The files and folders of a run's data: those that are given, or else those that the run was started with.
 *
 * @param folder the run, for messages
 * @throws HeddleError `file` where the run's own are no longer in their place
 */
export async function pathsOfRun(
  given: readonly string[],
  { data }: Pick<RunConfig, 'data'>,
  folder: string,
): Promise<readonly string[]> {
  if (given.length > 0) return given
  const paths = data?.paths ?? []
  for (const path of paths) {
    if ((await stat(path).catch(() => undefined)) !== undefined) continue
    throw new HeddleError(
      'file',
      `${folder}: expected the run's data at ${path}, got none: moved or deleted. Name their new place with --data.`,
    )
  }
  return paths
}
