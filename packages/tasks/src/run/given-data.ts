import { HeddleError, parseConfig, RandomStream } from '@heddle/core'
import { type DataSource, fingerprint, type SplitPart } from '@heddle/data'
import type { Settings } from '../task/settings.ts'
import type { Task } from '../task/task.ts'
import { type Dataset, examplesOf, officialParts } from './dataset.ts'
import type { DataConfig, Recipe } from './recipe.ts'
import type { DataOrigin, GivenOrigin, RunConfig } from './run-config.ts'

/** Data that are given for a run in place of its built-in ones. */
export interface GivenData {
  /** Examples to learn from; parts that are not given are split off them. */
  readonly source?: DataSource | undefined
  /** The validation part, such as the one of an official split. */
  readonly validation?: DataSource | undefined
  /** The test part. */
  readonly test?: DataSource | undefined
}

export interface LoadedDataset {
  readonly dataset: Dataset<unknown>
  readonly notes: readonly string[]
  /** Number of rows that were left out as malformed or empty. */
  readonly left: number
  /** Settings of the data that their content told. */
  readonly found?: Settings
}

/**
 * The given examples, or the recipe's built-in ones, in three parts: those that are given, those that the names of the files
 * tell, and the rest as the settings say.
 *
 * @throws HeddleError `usage` for held-out parts without examples to learn from
 */
export async function loadDataset(
  recipe: Recipe,
  task: Task,
  { source, validation, test }: GivenData,
  config: DataConfig,
  runSeed: number,
): Promise<LoadedDataset> {
  const { seed = runSeed } = config
  const ofSizes: string[] = []
  const onNote = (note: string) => ofSizes.push(note)
  if (source === undefined) {
    const [part] = [...(validation ? ['validation'] : []), ...(test ? ['test'] : [])]
    if (part !== undefined) {
      throw new HeddleError(
        'usage',
        `recipe '${recipe.name}': expected data to learn from beside those for ${part}, got none. Name them with --data.`,
      )
    }
    const examples = recipe.data.builtIn(config, new RandomStream(seed))
    return { dataset: recipe.data.split(task, examples, { ...config, onNote }, seed), notes: ofSizes, left: 0 }
  }
  const { examples, notes = [], left = 0, found, splits } = await recipe.data.read(source, config)
  const parts = officialParts(examples, splits)
  const missing = { ...config, ...(validation && { validation: 0 }), ...(test && { test: 0 }), onNote }
  const own = recipe.data.split(task, examples, missing, seed, splits)
  const given = {
    validation: validation && (await readPart(recipe, validation, { ...config, ...found })),
    test: test && (await readPart(recipe, test, { ...config, ...found })),
  }
  return {
    dataset: {
      train: own.train,
      validation: given.validation?.examples ?? own.validation,
      test: given.test?.examples ?? own.test,
    },
    notes: [
      ...notes,
      ...(given.validation?.notes ?? []),
      ...(given.test?.notes ?? []),
      ...(parts === undefined ? [] : notesOfParts({ recipe, task, config, given, parts, examples, splits })),
      ...ofSizes,
    ],
    left: left + (given.validation?.left ?? 0) + (given.test?.left ?? 0),
    ...(found && { found }),
  }
}

/**
 * The examples of a source with the notes of its reader.
 *
 * @param options.parts whether files of several parts of a split may be among them: 'all' takes their examples together
 * @throws HeddleError `data` for the files of several parts, unless they are asked for
 */
export async function readPart(
  recipe: Recipe,
  source: DataSource,
  config: DataConfig,
  { parts = 'one' }: { readonly parts?: 'one' | 'all' } = {},
): Promise<{ readonly examples: readonly unknown[]; readonly notes: readonly string[]; readonly left: number }> {
  const { examples, notes = [], left = 0, splits } = await recipe.data.read(source, config)
  if (parts === 'all' || officialParts(examples, splits) === undefined) return { examples, notes, left }
  throw new HeddleError(
    'data',
    `recipe '${recipe.name}': expected the files of one part in ${source.name}, got those of several. Name the files of the part, or pass all of them as --data.`,
  )
}

interface OfficialParts {
  readonly recipe: Recipe
  readonly task: Task
  readonly config: DataConfig
  /** Parts that are given by themselves. */
  readonly given: { readonly validation?: unknown; readonly test?: unknown }
  readonly parts: readonly SplitPart[]
  readonly examples: readonly unknown[]
  readonly splits: readonly SplitPart[] | undefined
}

/** The parts used of the split that files bring, and the number of examples that are not used. */
function notesOfParts({ recipe, task, config, given, parts, examples, splits }: OfficialParts): string[] {
  const held = parts.filter((name) => name !== 'train')
  const isReplaced = (name: (typeof held)[number]) => given[name] !== undefined
  const left = held.filter((name) => isReplaced(name) || config[name] === 0)
  const used = parts.filter((name) => name === 'train' || !left.includes(name))
  const reasons = left.map((name) => {
    const count = task.count(examplesOf(name, examples, splits))
    return `; their ${name} part (${count}) is left out${isReplaced(name) ? '' : `, as data.${name} is 0`}`
  })
  const usual = parseConfig('data', recipe.data.config, {})
  const whole = used.filter((name) => name !== 'train' && config[name] !== usual[name])
  return [
    `split as the names of the files say: ${used.join(', ')}${reasons.join('')}`,
    ...whole.map((name) => `their ${name} part is taken whole: data.${name} is for files without one`),
  ]
}

/** Given data by name and content, for a run's config.json; null for built-in ones. */
export async function originOf({ source, validation, test }: GivenData): Promise<GivenOrigin | null> {
  if (source === undefined) return null
  return {
    ...(await oneOrigin(source)),
    ...(validation && { validation: await oneOrigin(validation) }),
    ...(test && { test: await oneOrigin(test) }),
  }
}

const oneOrigin = async (source: DataSource): Promise<DataOrigin> => ({
  name: source.name,
  sha256: await fingerprint(source),
  ...(source.paths && { paths: source.paths }),
})

/** @throws HeddleError `data` unless the sources are those that the run was started with */
export async function checkSameData(
  { data }: Pick<RunConfig, 'data'>,
  { source, validation, test }: GivenData,
  where: string,
): Promise<void> {
  const parts = [
    { origin: data ?? undefined, given: source, option: '--data', noun: "the run's data" },
    { origin: data?.validation, given: validation, option: '--validation', noun: "the run's validation data" },
    { origin: data?.test, given: test, option: '--test', noun: "the run's test data" },
  ]
  for (const { origin, given, option, noun } of parts) {
    if ((origin === undefined) !== (given === undefined)) {
      const none = option === '--data' ? 'no data, as the run uses built-in ones' : `no ${noun.slice(10)}`
      throw new HeddleError(
        'data',
        `${where}: expected ${origin === undefined ? none : `${noun} (${origin.name})`}, got ${given?.name ?? 'none'}. ` +
          `${origin === undefined ? `Leave ${option} out` : `Pass the file with ${option}`}.`,
      )
    }
    if (given !== undefined && origin?.sha256 !== (await fingerprint(given))) {
      throw new HeddleError(
        'data',
        `${where}: expected the data that the run was started with (${origin?.name}), got other content in ${given.name}. Pass the same file, or start a new run.`,
      )
    }
  }
}
