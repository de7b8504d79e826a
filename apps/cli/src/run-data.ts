import { stat } from 'node:fs/promises'
import { HeddleError } from '@heddle/core'
import type { GivenData, RunConfig } from '@heddle/tasks'
import { dataSource } from './data-files.ts'

/** The options --data, --validation and --test of a command. */
export interface DataOptions {
  readonly data: readonly string[]
  readonly validation?: readonly string[]
  readonly test?: readonly string[]
}

/** @throws HeddleError `usage` for held-out parts without --data */
export async function givenData({ data, validation = [], test = [] }: DataOptions): Promise<GivenData> {
  if (data.length === 0 && (validation.length > 0 || test.length > 0)) {
    const option = validation.length > 0 ? '--validation' : '--test'
    throw new HeddleError('usage', `train ${option}: expected --data beside it, got none. Name the data to learn from.`)
  }
  return {
    source: await dataSource(data),
    validation: await dataSource(validation, '--validation'),
    test: await dataSource(test, '--test'),
  }
}

/**
 * The data of a run: those that are given, or else those that the run was started with.
 *
 * @param folder the run, for messages
 * @throws HeddleError `file` where the run's own are no longer in their place
 */
export async function dataOfRun(
  { data, validation = [], test = [] }: DataOptions,
  { data: own }: Pick<RunConfig, 'data'>,
  folder: string,
): Promise<GivenData> {
  const source = await dataSource(await pathsOfRun(data, own, folder, '--data'))
  // Other data may be given because those of the run are gone.
  const partOf = async (given: readonly string[], name: 'validation' | 'test') =>
    dataSource(await pathsOfRun(given, own?.[name], folder, `--${name}`, data.length > 0), `--${name}`)
  return { source, validation: await partOf(validation, 'validation'), test: await partOf(test, 'test') }
}

async function pathsOfRun(
  given: readonly string[],
  origin: { readonly paths?: readonly string[] | undefined } | null | undefined,
  folder: string,
  option: string,
  mayLack = false,
): Promise<readonly string[]> {
  if (given.length > 0) return given
  const paths = origin?.paths ?? []
  for (const path of paths) {
    if ((await stat(path).catch(() => undefined)) !== undefined) continue
    if (mayLack) return []
    throw new HeddleError(
      'file',
      `${folder}: expected the run's data at ${path}, got none: moved or deleted. Name their new place with ${option}.`,
    )
  }
  return paths
}
