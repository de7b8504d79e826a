import { stat } from 'node:fs/promises'
import { HeddleError } from '@heddle/core'
import type { GivenData, RunConfig } from '@heddle/tasks'
import { type DataOptions, dataSource } from './data-files.ts'

/** A value of --validation and --test in place of a file: a number of examples, a share below 1, or 0 for no such part. */
const SIZE = /^(\d+|\d*\.\d+)$/

/**
 * Separates sizes of held-out parts from files: `--test 0` is the setting `data.test=0`. A file whose name is a number is `./0`.
 *
 * @throws HeddleError `usage` for a size beside files, or two sizes
 */
export function partSizes<O extends DataOptions & { readonly set: readonly string[] }>(options: O): O {
  const own: Partial<Record<'validation' | 'test', readonly string[]>> = {}
  const set = [...options.set]
  for (const name of ['validation', 'test'] as const) {
    const given = options[name] ?? []
    const size = given.find((each) => SIZE.test(each))
    if (size === undefined) continue
    if (given.length > 1) {
      throw new HeddleError(
        'usage',
        `--${name}: expected files, or one number of examples, got ${given.join(', ')}. A file of that name is ./${size}.`,
      )
    }
    own[name] = []
    set.push(`data.${name}=${size}`)
  }
  return { ...options, ...own, set }
}

/**
 * The data of a run: those that are given, or else those that the run was started with.
 *
 * @param folder the run, for messages
 * @throws HeddleError `file` where the run's own are no longer in their place, `usage` for the size of a part
 */
export async function dataOfRun(
  { data, validation = [], test = [] }: DataOptions,
  { data: own }: Pick<RunConfig, 'data'>,
  folder: string,
): Promise<GivenData> {
  for (const [name, given] of Object.entries({ validation, test })) {
    const size = given.find((path) => SIZE.test(path))
    if (size === undefined) continue
    throw new HeddleError(
      'usage',
      `--${name}: expected a file, got the number ${size}: ${folder} keeps the sizes of its parts. Leave it out, or write ./${size} for a file of that name.`,
    )
  }
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
