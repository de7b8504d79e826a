import { type SplitExample, type SplitPart, splitExamples } from '@heddle/data'
import * as z from 'zod'

/** Examples in three parts; no example of one is in another. */
export interface Dataset<E> {
  readonly train: readonly E[]
  readonly validation: readonly E[]
  readonly test: readonly E[]
}

/** Sizes of the held-out parts: below 1 a share of the examples, from 1 on their number. */
export interface SplitSettings {
  readonly validation: number
  readonly test: number
}

/** The settings of {@link SplitSettings}, for the `data` section of a recipe. */
export const splitFields = {
  validation: z.number().min(0).default(0.1).describe('examples held out for validation: a number, or a share below 1'),
  test: z.number().min(0).default(0.1).describe('examples held out for the test: a number, or a share below 1'),
}

/**
 * Splits examples at random.
 *
 * @param keyOf examples with the same key stay in one part
 */
export function splitAtRandom<E>(
  examples: readonly E[],
  { validation, test }: SplitSettings,
  seed: number,
  keyOf?: (example: E) => unknown,
): Dataset<E> {
  return splitExamples(examples, {
    validation: heldOutShare(validation, examples.length),
    test: heldOutShare(test, examples.length),
    seed,
    ...(keyOf && { groupBy: keyOf }),
  })
}

/**
 * The split that the files of the examples bring, if they do.
 *
 * @param hold takes the validation part from the training examples where the files have none
 */
export function officialSplit<E>(
  examples: readonly E[],
  hold: (train: readonly E[]) => Dataset<E>,
): Dataset<E> | undefined {
  const splitOf = (example: E) =>
    typeof example === 'object' && example !== null ? ((example as SplitExample).split ?? 'train') : 'train'
  if (!examples.some((example) => splitOf(example) !== 'train')) return undefined
  const partOf = (name: SplitPart) => examples.filter((example) => splitOf(example) === name)
  const [train, held, test] = [partOf('train'), partOf('validation'), partOf('test')]
  if (held.length > 0) return { train, validation: held, test }
  return { ...hold(train), test }
}

/** A held-out part as asked for, but at most a tenth of the data where a number is given: small files are not used up. */
export function heldOutShare(wanted: number, numExamples: number): number {
  return wanted >= 1 && wanted > numExamples / 10 ? 0.1 : wanted
}

/** The part that a run is judged by: the test part, or the validation part where there is no test part. */
export function heldOut<E>(dataset: Dataset<E>): { part: 'test' | 'validation'; examples: readonly E[] } {
  if (dataset.test.length > 0) return { part: 'test', examples: dataset.test }
  return { part: 'validation', examples: dataset.validation }
}
