import { ExtensionPoint, HeddleError, show } from '@heddle/core'

/**
 * A measure that compares all predictions of a data set with their references.
 *
 * @typeParam P one prediction
 * @typeParam R one reference
 */
export interface Metric<P = unknown, R = P> {
  /** The values that it computes. The first is the main one. */
  readonly values: readonly MetricInfo[]
  /** Present where a prediction is a sequence of labels, such as the tags of a sentence, rather than a single one. */
  readonly compares?: 'sequences'
  /**
   * Returns all values by name.
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

/** Extension point for metrics. */
export const metricPoint = new ExtensionPoint<Metric>('metric')

/** @throws HeddleError `data` unless there is one prediction for each reference, and at least one */
export function checkPairs(where: string, predictions: ArrayLike<unknown>, references: ArrayLike<unknown>): void {
  if (predictions.length !== references.length) {
    throw new HeddleError(
      'data',
      `${where}: expected as many predictions as references, got ${predictions.length} and ${references.length}. Pair them one to one.`,
    )
  }
  if (predictions.length === 0)
    throw new HeddleError(
      'data',
      `${where}: expected at least one prediction, got none. Pass the outputs of the model.`,
    )
}

/** @throws HeddleError `data` for what is not a text, such as a list of tokens */
export function checkTexts(where: string, values: readonly unknown[]): void {
  const other = values.find((value) => typeof value !== 'string')
  if (other !== undefined)
    throw new HeddleError('data', `${where}: expected texts, got ${show(other)}. Decode the tokens first.`)
}

/** A reference text, or several of which any is right. */
export type References = string | readonly string[]

/**
 * The references of each prediction with those that other predictions of the same input have: of several right texts of an input any
 * is right.
 *
 * @param inputs the input of each prediction; without them each is an input of its own
 */
export function referencesByInput(
  references: readonly References[],
  inputs: readonly unknown[] | undefined,
): readonly References[] {
  if (inputs === undefined) return references
  const byInput = new Map<unknown, Set<string>>()
  for (const [i, reference] of references.entries()) {
    const known = byInput.get(inputs[i]) ?? new Set()
    for (const text of [reference].flat()) known.add(text)
    byInput.set(inputs[i], known)
  }
  return references.map((_, i) => [...byInput.get(inputs[i])!])
}

/** Returns the references of each prediction as a list. */
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
        `${where}: expected at least one reference for prediction ${i}, got ${show(reference)}. Add a reference.`,
      )
    }
    checkTexts(where, list)
    return list
  })
}
