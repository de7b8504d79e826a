import { HeddleError, parseConfig, type Registry } from '@heddle/core'
import { type DataSource, fingerprint } from '@heddle/data'
import { heldOut } from './dataset.ts'
import { checkSameData, type GivenData, loadDataset, readPart } from './given-data.ts'
import type { Run } from './open-run.ts'
import { type Recipe, recipePoint } from './recipe.ts'

export interface EvaluationExamples {
  readonly recipe: Recipe
  /** The part of the run's own data, or 'all' of another source. */
  readonly part: 'test' | 'validation' | 'all'
  readonly examples: readonly unknown[]
  readonly notes: readonly string[]
}

/**
 * The examples to evaluate a run on: without a source the held-out part of its built-in data; with the source that it was
 * trained on the held-out part of that, or the one that was given by itself; with another source all of its examples.
 *
 * @param parts the held-out parts that the run was started with, where it was
 * @throws HeddleError `data` when the run was trained on data that are not given, or holds no examples out; `usage` for a task
 *   trained from code
 */
export async function evaluationExamples(
  { task, config }: Run,
  registry: Registry,
  source: DataSource | undefined,
  parts: Omit<GivenData, 'source'> = {},
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
  if (!isOwn) return { recipe, part: 'all', ...(await readPart(recipe, source, data, { parts: 'all' })) }
  const given = { source, ...parts }
  await checkSameData(config, given, 'evaluate')
  if (parts.test !== undefined) return { recipe, part: 'test', ...(await readPart(recipe, parts.test, data)) }
  const { dataset, notes } = await loadDataset(recipe, task, given, data, config.seed)
  const { part, examples } = heldOut(dataset)
  if (part !== 'none') return { recipe, part, examples, notes }
  throw new HeddleError(
    'data',
    'evaluate: expected held-out examples of the run, got none: it was trained on all of its data. Name other data to evaluate on.',
  )
}
