import { HeddleError, parseConfig, RandomStream, type Registry } from '@heddle/core'
import { type DataSource, fingerprint } from '@heddle/data'
import type { Task } from '../task/task.ts'
import { type Dataset, heldOut } from './dataset.ts'
import type { Run } from './open-run.ts'
import { type DataConfig, type Recipe, recipePoint } from './recipe.ts'
import type { RunConfig } from './run-config.ts'

export interface LoadedDataset {
  readonly dataset: Dataset<unknown>
  readonly notes: readonly string[]
}

/** The examples of a source, or the recipe's built-in ones, in three parts. */
export async function loadDataset(
  recipe: Recipe,
  task: Task,
  source: DataSource | undefined,
  config: DataConfig,
  seed: number,
): Promise<LoadedDataset> {
  const { examples, notes = [] } =
    source === undefined
      ? { examples: recipe.data.builtIn(config, new RandomStream(seed)) }
      : await recipe.data.read(source, config)
  return { dataset: recipe.data.split(task, examples, config, seed), notes }
}

export interface EvaluationExamples {
  readonly recipe: Recipe
  /** The part of the run's own data, or 'all' of another source. */
  readonly part: 'test' | 'validation' | 'all'
  readonly examples: readonly unknown[]
  readonly notes: readonly string[]
}

/**
 * The examples to evaluate a run on: without a source the held-out part of its built-in data; with the source that it was
 * trained on the held-out part of that; with another source all of its examples.
 *
 * @throws HeddleError `data` when the run was trained on data that are not given, `usage` for a task trained from code
 */
export async function evaluationExamples(
  { task, config }: Run,
  registry: Registry,
  source: DataSource | undefined,
): Promise<EvaluationExamples> {
  if (config.recipe === null || config.seed === null) {
    throw new HeddleError(
      'usage',
      'evaluate: expected a run of a recipe, got a task that was trained from code. Use its evaluate method.',
    )
  }
  if (source === undefined && config.data !== null) {
    throw new HeddleError(
      'data',
      `evaluate: expected the data that the run was trained on (${config.data.name}), got none. Pass the file with --data.`,
    )
  }
  const recipe = registry.create(recipePoint, { type: config.recipe.name }, undefined)
  const data = parseConfig('config.json: recipe.data', recipe.data.config, config.recipe.data)
  const isOwn = source === undefined || config.data?.sha256 === (await fingerprint(source))
  if (isOwn) {
    const { dataset, notes } = await loadDataset(recipe, task, source, data, config.seed)
    return { recipe, ...heldOut(dataset), notes }
  }
  const { examples, notes = [] } = await recipe.data.read(source, data)
  return { recipe, part: 'all', examples, notes }
}

/** @throws HeddleError `data` unless the source is the one that the run was started with */
export async function checkSameData({ data }: RunConfig, source: DataSource | undefined, where: string): Promise<void> {
  if ((data === null) !== (source === undefined)) {
    const expected = data === null ? 'no data, as the run uses built-in ones' : `the run's data (${data.name})`
    throw new HeddleError(
      'data',
      `${where}: expected ${expected}, got ${source?.name ?? 'none'}. ${data === null ? 'Leave --data out' : 'Pass the file with --data'}.`,
    )
  }
  if (source !== undefined && data?.sha256 !== (await fingerprint(source))) {
    throw new HeddleError(
      'data',
      `${where}: expected the data that the run was started with (${data?.name}), got other content in ${source.name}. Pass the same file, or start a new run.`,
    )
  }
}
