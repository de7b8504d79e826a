import { HeddleError } from '@heddle/core'
import type { Label } from './accuracy.ts'
import { checkPairs } from './metric.ts'

// N examples, C labels

export interface LabelThresholdOptions {
  /** F1 that is to be as high as possible: of all decisions, or the mean of those of the labels (default 'micro'). */
  readonly average?: 'micro' | 'macro'
  /**
   * Whether each label gets a threshold of its own (default false: one for all). A label that no reference has, which would never be
   * predicted, gets the one for all.
   */
  readonly byLabel?: boolean
}

/** The decision about one label of one example. */
interface Decision {
  readonly score: number
  readonly label: number
  readonly isRight: boolean
}

/** Decisions from the highest score down, of which the first are predicted. */
interface Cut {
  /** Number of decisions that are predicted. */
  readonly predicted: number
  readonly truePositives: number
  readonly threshold: number
}

/**
 * Thresholds of probabilities, [C], from which on labels are predicted with the highest F1 on the given examples. They are exact:
 * no others give a higher one. A threshold lies in the middle between the last score that is predicted and the next; of several that
 * are equally good it is the one that is nearest to 0.5.
 *
 * For micro-averaged F1 by label, a ratio of two sums over the labels, this is Dinkelbach's algorithm: the labels maximize
 * 2·TP - F·predicted, each on its own, and F is the ratio that they reach, until it stays.
 *
 * @param probabilities of every label, [N][C]
 * @param references right labels of each example; those that are not among `labels` count as not found
 * @see Dinkelbach 1967, "On nonlinear fractional programming"
 * @see Fan & Lin 2007, "A study on threshold selection for multi-label classification"
 */
export function bestLabelThresholds<L extends Label>(
  probabilities: readonly ArrayLike<number>[],
  references: readonly (readonly L[])[],
  labels: readonly L[],
  { average = 'micro', byLabel = false }: LabelThresholdOptions = {},
): readonly number[] {
  checkPairs('bestLabelThresholds', probabilities, references)
  const short = probabilities.find((row) => row.length !== labels.length)
  if (short !== undefined) {
    throw new HeddleError(
      'data',
      `bestLabelThresholds: expected a probability of each of ${labels.length} labels, got ${short.length}. Pass those of all labels.`,
    )
  }
  const right = references.map((list) => new Set(list))
  const decisions = probabilities.flatMap((row, i) =>
    labels.map((label, c): Decision => ({ score: row[c]!, label: c, isRight: right[i]!.has(label) })),
  )
  decisions.sort((a, b) => b.score - a.score)
  const known = new Set(labels)
  const unknown = right.flatMap((set) => [...set].filter((label) => !known.has(label)))
  const support = decisions.filter(({ isRight }) => isRight).length + unknown.length
  const shared =
    average === 'micro'
      ? best(
          cutsOf(decisions),
          ({ truePositives, predicted }) => (2 * truePositives) / Math.max(1, predicted + support),
        )
      : bestForMacro(decisions, labels.length, new Set(unknown).size)
  if (!byLabel) return labels.map(() => shared.threshold)
  const ofLabels = labels.map((_, c) => decisions.filter(({ label }) => label === c))
  const supports = ofLabels.map((own) => own.filter(({ isRight }) => isRight).length)
  const cuts = ofLabels.map((own) => [...cutsOf(own)])
  const each = (value: (cut: Cut, c: number) => number) => cuts.map((own, c) => best(own, (cut) => value(cut, c)))
  const chosen =
    average === 'macro'
      ? each(({ truePositives, predicted }, c) => (2 * truePositives) / Math.max(1, predicted + supports[c]!))
      : byRatio(each, support)
  return chosen.map(({ threshold }, c) => (supports[c] === 0 ? shared.threshold : threshold))
}

/** The cuts, one for each label, whose micro-averaged F1 is highest. */
function byRatio(each: (value: (cut: Cut) => number) => Cut[], support: number): Cut[] {
  let ratio = 0
  for (;;) {
    const before = ratio
    const chosen = each(({ truePositives, predicted }) => 2 * truePositives - before * predicted)
    const sum = (key: 'truePositives' | 'predicted') => chosen.reduce((total, cut) => total + cut[key], 0)
    ratio = (2 * sum('truePositives')) / Math.max(1, sum('predicted') + support)
    // At a ratio of 0 every cut that finds all is as good as another.
    if (ratio <= before) return chosen
  }
}

/** The one cut through the decisions of all labels after which the mean F1 of the labels that occur is highest. */
function bestForMacro(decisions: readonly Decision[], numLabels: number, numUnknown: number): Cut {
  const [truePositives, predicted, support] = Array.from({ length: 3 }, () => new Float64Array(numLabels))
  for (const { label, isRight } of decisions) if (isRight) support![label]!++
  const f1 = (c: number) => (2 * truePositives![c]!) / Math.max(1, predicted![c]! + support![c]!)
  const occurs = (c: number) => predicted![c]! + support![c]! > 0
  let sum = 0
  let occurring = numUnknown + support!.filter((count) => count > 0).length
  let at = 0
  return best(cutsOf(decisions), (cut) => {
    for (; at < cut.predicted; at++) {
      const { label, isRight } = decisions[at]!
      sum -= f1(label)
      if (!occurs(label)) occurring++
      predicted![label]!++
      if (isRight) truePositives![label]!++
      sum += f1(label)
    }
    return occurring === 0 ? 0 : sum / occurring
  })
}

/** Every way to cut decisions in two, those of equal scores together, from none that is predicted to all. */
function* cutsOf(decisions: readonly Decision[]): Generator<Cut> {
  let truePositives = 0
  for (let predicted = 0; predicted <= decisions.length; predicted++) {
    const [last, next] = [decisions[predicted - 1], decisions[predicted]]
    if (last?.isRight) truePositives++
    if (last !== undefined && last.score === next?.score) continue
    yield { predicted, truePositives, threshold: between(last?.score ?? 1, next?.score ?? 0) }
  }
}

/** A number in the middle of two that reaches up to the first; above a score of 1, where nothing is to be predicted, none fits below 1. */
function between(above: number, below: number): number {
  if (above <= below) return 2
  const middle = (above + below) / 2
  return middle > below ? middle : above
}

/** The cut of the highest value; of equal ones that with the threshold nearest to 0.5. */
function best(cuts: Iterable<Cut>, value: (cut: Cut) => number): Cut {
  let found: { readonly cut: Cut; readonly reached: number } | undefined
  for (const cut of cuts) {
    const reached = value(cut)
    const isNearer = found !== undefined && distance(cut) < distance(found.cut)
    if (found === undefined || reached > found.reached + 1e-12 || (reached > found.reached - 1e-12 && isNearer)) {
      found = { cut, reached }
    }
  }
  return found!.cut
}

const distance = ({ threshold }: Cut) => Math.abs(threshold - 0.5)
