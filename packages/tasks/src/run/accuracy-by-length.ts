import type { RandomStream } from '@heddle/core'
import type { AccuracyByLengthExhibit, LengthAccuracy } from '../exhibits/accuracy-by-length.ts'
import type { AnyPipeline } from '../task/pipeline.ts'
import type { RecipeExhibits } from './recipe.ts'

/**
 * A measure of examples, such as their number of letters.
 *
 * @typeParam E an example
 * @typeParam L the task's pipeline
 * @typeParam C the recipe's settings of the data
 */
export interface AccuracyByLengthOptions<E, L, C> {
  /** Unit of the lengths: 'letters'. */
  readonly unit: string
  lengthOf(example: E, data: C): number
  /** Whether the pipeline's output for each example is right. */
  areRight(pipeline: L, examples: readonly E[]): Promise<readonly boolean[]>
  /** Built-in examples that are longer than those of training, shown beside the held-out ones. */
  longer?(data: C, rng: RandomStream): readonly E[]
}

/**
 * Exhibits of a recipe: the share of right outputs among held-out examples of each length, and among longer ones.
 *
 * @param measures an exhibit each: the digits of a sum, its carries
 */
export function accuracyByLength<E, L extends AnyPipeline, C>(
  ...measures: readonly AccuracyByLengthOptions<E, L, C>[]
): RecipeExhibits<E, L, C> {
  return async ({ train, heldOut, pipeline, data, rng, isBuiltIn }) => {
    const exhibits: AccuracyByLengthExhibit[] = []
    for (const { unit, lengthOf, areRight, longer } of measures) {
      const of = (example: E) => lengthOf(example, data)
      const examples = [...heldOut, ...((isBuiltIn && longer?.(data, rng)) || [])]
      exhibits.push({
        kind: 'accuracy-by-length',
        title: `Accuracy by number of ${unit}`,
        unit,
        longestInTraining: train.reduce((most, example) => Math.max(most, of(example)), 0),
        lengths: accuracies(examples.map(of), await areRight(pipeline, examples)),
      })
    }
    return exhibits
  }
}

/** The share of right ones at each length, in ascending order. */
function accuracies(lengths: readonly number[], right: readonly boolean[]): LengthAccuracy[] {
  const counts = new Map<number, { right: number; count: number }>()
  for (const [i, length] of lengths.entries()) {
    const entry = counts.get(length) ?? { right: 0, count: 0 }
    counts.set(length, { right: entry.right + (right[i] ? 1 : 0), count: entry.count + 1 })
  }
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([length, entry]) => ({ length, accuracy: entry.right / entry.count, count: entry.count }))
}
