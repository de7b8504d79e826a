import { HeddleError } from '@heddle/core'
import type { RunStore } from '@heddle/trainer'

export async function writeJson(store: RunStore, path: string, value: unknown): Promise<void> {
  await store.write(path, new TextEncoder().encode(`${JSON.stringify(value, undefined, 2)}\n`))
}

/**
 * Reads a JSON file of a run.
 *
 * @param where the run, for messages
 * @throws HeddleError `file` when it is missing, `format` when it is not JSON
 */
export async function readJson(store: Pick<RunStore, 'read'>, path: string, where: string): Promise<unknown> {
  const bytes = await store.read(path)
  if (bytes === undefined) {
    throw new HeddleError(
      'file',
      `${where}: expected a run with the file ${path}, got none. Name a folder that 'heddle train' made.`,
    )
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new HeddleError(
      'format',
      `${where}: expected JSON in ${path}, got an error: ${reason}. Train the run again.`,
      { cause },
    )
  }
}
