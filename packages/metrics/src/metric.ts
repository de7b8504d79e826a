import { ExtensionPoint, HeddleError, show } from '@heddle/core'

/**
 * Compares all predictions of a data set with their references.
 *
 * @typeParam P one prediction
 * @typeParam R what it is compared with
 */
export interface Metric<P = unknown, R = P> {
  /** The values that it computes; the first stands for the whole. */
  readonly values: readonly MetricInfo[]
  /**
   * All values by name.
   *
   * @param inputs the input of each prediction, for metrics that accept several right outputs of one input
   */
  compute(
    predictions: readonly P[],
    references: readonly R[],
    inputs?: readonly unknown[],
  ): Readonly<Record<string, number>>
}

/** Describes one number that a metric or a task reports. */
export interface MetricInfo {
  /** The key in the results. */
  readonly name: string
  readonly summary: string
  readonly better: 'higher' | 'lower'
  /** Whether the value is a share of 1, shown in percent. */
  readonly percent?: boolean
}

/** Where plugins contribute metrics. */
export const metricPoint = new ExtensionPoint<Metric>('metric')

/** One value for each of the other, and at least one. */
export function checkPairs(where: string, predictions: ArrayLike<unknown>, references: ArrayLike<unknown>): void {
  if (predictions.length !== references.length) {
    throw new HeddleError(
      'data',
      `${where}: expected as many predictions as references, got ${predictions.length} and ${references.length}. Pair them one to one.`,
    )
  }
  if (predictions.length === 0) throw new HeddleError('data', `${where}: expected at least one prediction, got none.`)
}

/** Texts, so that a list of tokens does not pass for one. */
export function checkTexts(where: string, values: readonly unknown[]): void {
  const other = values.find((value) => typeof value !== 'string')
  if (other !== undefined)
    throw new HeddleError('data', `${where}: expected texts, got ${show(other)}. Decode the tokens first.`)
}

/** One reference text, or several of which any will do. */
export type References = string | readonly string[]

/** The references of each prediction as a list. */
export function referenceLists(
  where: string,
  predictions: readonly string[],
  references: readonly References[],
): (readonly string[])[] {
  checkPairs(where, predictions, references)
  checkTexts(where, predictions)
  return references.map((reference, i) => {
    const list = typeof reference === 'string' ? [reference] : reference
    if (!Array.isArray(list) || list.length === 0) {
      throw new HeddleError(
        'data',
        `${where}: expected at least one reference for prediction ${i}, got ${show(reference)}.`,
      )
    }
    checkTexts(where, list)
    return list
  })
}
