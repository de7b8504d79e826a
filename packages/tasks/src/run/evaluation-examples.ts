import { HeddleError, parseConfig, type Registry } from '@heddle/core'
import { type DataSource, fingerprint } from '@heddle/data'
import { heldOut } from './dataset.ts'
import type { Run } from './open-run.ts'
import { type Recipe, recipePoint } from './recipe.ts'
import { loadDataset } from './train-run.ts'

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
