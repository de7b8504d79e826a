import { HeddleError, show } from '@heddle/core'
import * as z from 'zod'
import type { Label } from './accuracy.ts'
import { sortedLabels } from './confusion-matrix.ts'
import { checkPairs, metricPoint } from './metric.ts'

export interface PrecisionRecallF1 {
  /** truePositives / predicted; 0 when nothing was predicted. */
  readonly precision: number
  /** truePositives / support; 0 when the class does not occur. */
  readonly recall: number
  /** 2 · precision · recall / (precision + recall); 0 when both are 0. */
  readonly f1: number
  /** Number of references of the class. */
  readonly support: number
}

/** Scores by class and their averages. */
export interface ClassScores<L> {
  readonly perClass: ReadonlyMap<L, PrecisionRecallF1>
  /** Scores of all decisions together. */
  readonly micro: PrecisionRecallF1
  /** Mean over the classes. */
  readonly macro: PrecisionRecallF1
  /** Mean over the classes, weighted by support. */
  readonly weighted: PrecisionRecallF1
}

/** Counts of one class: right predictions, all predictions, all references. */
export interface ClassCounts {
  readonly truePositives: number
  readonly predicted: number
  readonly support: number
}

function scoreOf({ truePositives, predicted, support }: ClassCounts): PrecisionRecallF1 {
  return {
    precision: predicted === 0 ? 0 : truePositives / predicted,
    recall: support === 0 ? 0 : truePositives / support,
    f1: predicted + support === 0 ? 0 : (2 * truePositives) / (predicted + support),
    support,
  }
}

/** Returns scores and averages from counts by class. */
export function classScores<L>(counts: ReadonlyMap<L, ClassCounts>): ClassScores<L> {
  const perClass = new Map([...counts].map(([label, count]) => [label, scoreOf(count)]))
  const all = { truePositives: 0, predicted: 0, support: 0 }
  for (const { truePositives, predicted, support } of counts.values()) {
    all.truePositives += truePositives
    all.predicted += predicted
    all.support += support
  }
  const mean = (weight: (score: PrecisionRecallF1) => number): PrecisionRecallF1 => {
    const sum = { precision: 0, recall: 0, f1: 0 }
    for (const score of perClass.values()) {
      sum.precision += score.precision * weight(score)
      sum.recall += score.recall * weight(score)
      sum.f1 += score.f1 * weight(score)
    }
    return { ...sum, support: all.support }
  }
  return {
    perClass,
    micro: scoreOf(all),
    macro: mean(() => 1 / perClass.size),
    weighted: mean(({ support }) => (all.support === 0 ? 0 : support / all.support)),
  }
}

/**
 * Returns precision, recall and F1 of single-label classification, by class and averaged.
 *
 * @param labels the classes that count. Default: all that occur
 * @see van Rijsbergen 1979, "Information Retrieval", chapter 7
 */
export function precisionRecallF1<L extends Label>(
  predictions: ArrayLike<L>,
  references: ArrayLike<L>,
  labels?: readonly L[],
): ClassScores<L> {
  checkPairs('precisionRecallF1', predictions, references)
  const counts = new Map(
    (labels ?? sortedLabels(predictions, references)).map((label) => [
      label,
      { truePositives: 0, predicted: 0, support: 0 },
    ]),
  )
  for (let i = 0; i < references.length; i++) {
    const predicted = counts.get(predictions[i]!)
    const reference = counts.get(references[i]!)
    if (predicted !== undefined) predicted.predicted++
    if (reference !== undefined) reference.support++
    if (predicted !== undefined && predictions[i] === references[i]) predicted.truePositives++
  }
  return classScores(counts)
}

/** Returns precision, recall and F1 of one class against all others. */
export function binaryPrecisionRecallF1<L extends Label>(
  predictions: ArrayLike<L>,
  references: ArrayLike<L>,
  positive: L,
): PrecisionRecallF1 {
  return precisionRecallF1(predictions, references, [positive]).micro
}

/** Contribution `f1`. */
export const f1Metric = metricPoint.of({
  name: 'f1',
  summary: 'Precision, recall and F1 of labels: binary, or averaged over the classes (0 to 1).',
  config: z.strictObject({
    average: z.enum(['macro', 'micro', 'weighted', 'binary']).default('macro').describe('How classes are averaged'),
    positive: z.union([z.string(), z.number()]).optional().describe('The class that counts when average is binary'),
  }),
  create: ({ average, positive }) => {
    if ((average === 'binary') !== (positive !== undefined)) {
      const got =
        positive === undefined ? "average 'binary' without one" : `${show(positive)} with average '${average}'`
      throw new HeddleError(
        'config',
        `metric 'f1': expected 'positive' with average 'binary' and only then, got ${got}. Set both or neither.`,
      )
    }
    return {
      values: [
        { name: 'f1', summary: 'F1 of the labels', better: 'higher', percent: true },
        { name: 'precision', summary: 'share of the predicted labels that are right', better: 'higher', percent: true },
        { name: 'recall', summary: 'share of the true labels that are found', better: 'higher', percent: true },
      ],
      compute(predictions: readonly Label[], references: readonly Label[]) {
        const { precision, recall, f1 } =
          average === 'binary'
            ? binaryPrecisionRecallF1(predictions, references, positive!)
            : precisionRecallF1(predictions, references)[average]
        return { f1, precision, recall }
      },
    }
  },
})
