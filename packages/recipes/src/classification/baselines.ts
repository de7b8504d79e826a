import { IGNORED, type LabelledSequence } from './labelled-batch.ts'

/** The share of labels that are right when every one is the commonest of the training examples. */
export function majorityAccuracy(
  train: readonly Pick<LabelledSequence, 'labels'>[],
  test: readonly Pick<LabelledSequence, 'labels'>[],
): number {
  const counts = countOf(train.flatMap(({ labels }) => labels))
  const [common] = [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best))
  const references = test.flatMap(({ labels }) => labels)
  return references.filter((label) => label === common).length / references.length
}

/**
 * The accuracy of multinomial naive Bayes with add-one smoothing over the tokens of each sequence: what can be known without
 * their order.
 *
 * @see Manning, Raghavan & Schütze 2008, "Introduction to Information Retrieval", section 13.2
 */
export function naiveBayesAccuracy(
  train: readonly LabelledSequence[],
  test: readonly LabelledSequence[],
  { vocabSize, numLabels }: { vocabSize: number; numLabels: number },
): number {
  const tokens = Array.from({ length: numLabels }, () => new Float64Array(vocabSize).fill(1))
  const priors = new Float64Array(numLabels)
  for (const { input, labels } of train) {
    const label = labels[0]!
    priors[label]!++
    for (let i = 0; i < input.length; i++) tokens[label]![input[i]!]!++
  }
  const logLikelihoods = tokens.map((counts) => {
    const total = counts.reduce((sum, count) => sum + count, 0)
    return counts.map((count) => Math.log(count / total))
  })
  const score = (label: number, input: ArrayLike<number>) => {
    let sum = Math.log(priors[label]!)
    for (let i = 0; i < input.length; i++) sum += logLikelihoods[label]![input[i]!]!
    return sum
  }
  return shareRight(test, ({ input }) => bestOf(numLabels, (label) => score(label, input)))
}

/** The accuracy of giving each vector the label whose training vectors have the nearest mean. */
export function nearestMeanAccuracy(
  train: readonly LabelledSequence[],
  test: readonly LabelledSequence[],
  numLabels: number,
): number {
  const size = train[0]!.input.length
  const means = Array.from({ length: numLabels }, () => new Float64Array(size))
  const counts = new Float64Array(numLabels)
  for (const { input, labels } of train) {
    const label = labels[0]!
    counts[label]!++
    for (let i = 0; i < size; i++) means[label]![i]! += input[i]!
  }
  for (const [label, mean] of means.entries()) for (let i = 0; i < size; i++) mean[i]! /= Math.max(1, counts[label]!)
  const closeness = (label: number, input: ArrayLike<number>) => {
    if (counts[label] === 0) return Number.NEGATIVE_INFINITY
    let sum = 0
    for (let i = 0; i < size; i++) sum -= (input[i]! - means[label]![i]!) ** 2
    return sum
  }
  return shareRight(test, ({ input }) => bestOf(numLabels, (label) => closeness(label, input)))
}

function countOf(labels: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>()
  for (const label of labels) if (label !== IGNORED) counts.set(label, (counts.get(label) ?? 0) + 1)
  return counts
}

function bestOf(numLabels: number, score: (label: number) => number): number {
  let best = 0
  let highest = Number.NEGATIVE_INFINITY
  for (let label = 0; label < numLabels; label++) {
    const value = score(label)
    if (value > highest) {
      highest = value
      best = label
    }
  }
  return best
}

function shareRight(test: readonly LabelledSequence[], guess: (example: LabelledSequence) => number): number {
  return test.filter((example) => guess(example) === example.labels[0]).length / test.length
}
