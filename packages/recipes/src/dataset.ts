import { HeddleError } from '@heddle/core'
import { type DataSource, fingerprint } from '@heddle/data'
import type { AnyRecipe, Dataset } from './recipe.ts'
import type { Run } from './run.ts'

export interface LoadedDataset {
  readonly dataset: Dataset<unknown>
  readonly notes: readonly string[]
}

/** What a run is judged by: the test part, or the validation part of recipes that keep no test part. */
export function heldOut<E>(dataset: Dataset<E>): { part: 'test' | 'validation'; examples: readonly E[] } {
  if (dataset.test.length > 0) return { part: 'test', examples: dataset.test }
  return { part: 'validation', examples: dataset.validation }
}

/** The examples of a source, or the recipe's own, in three parts. */
export async function loadDataset(
  recipe: AnyRecipe,
  source: DataSource | undefined,
  seed: number,
): Promise<LoadedDataset> {
  if (source === undefined) return { dataset: recipe.split(recipe.builtIn(seed), seed), notes: [] }
  const { examples, notes } = await recipe.read(source)
  return { dataset: recipe.split(examples, seed), notes }
}

export interface EvaluationExamples {
  /** Which part of the run's own data; 'all' of another source. */
  readonly part: 'test' | 'validation' | 'all'
  readonly examples: readonly unknown[]
}

/**
 * What a run is to be evaluated on: without a source the held-out part of its built-in data; with the source that it was
 * trained on the held-out part of that; with another source all of its examples.
 *
 * @throws HeddleError `data` when the run was trained on data that are not given
 */
export async function evaluationExamples(run: Run, source: DataSource | undefined): Promise<EvaluationExamples> {
  const { recipe, config } = run
  if (source === undefined) {
    if (config.data !== null) {
      throw new HeddleError(
        'data',
        `evaluate: expected the data that the run was trained on (${config.data.name}), got none. Pass the file with --data.`,
      )
    }
    return heldOut(recipe.split(recipe.builtIn(config.seed), config.seed))
  }
  const { examples } = await recipe.read(source)
  const same = config.data !== null && config.data.sha256 === (await fingerprint(source))
  return same ? heldOut(recipe.split(examples, config.seed)) : { part: 'all', examples }
}
