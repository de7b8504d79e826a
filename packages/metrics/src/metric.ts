import { ExtensionPoint, HeddleError, show } from '@heddle/core'

/**
 * Compares all predictions of a data set with their references.
 *
 * @typeParam P one prediction
 * @typeParam R what it is compared with
 */
export interface Metric<P = unknown, R = P> {
  /** The key in the result that stands for the whole. */
  readonly main: string
  /** Which direction of `main` is an improvement. */
  readonly better: 'higher' | 'lower'
  /** All values of the metric by name. */
  compute(predictions: readonly P[], references: readonly R[]): Readonly<Record<string, number>>
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
