import { IGNORED, type LabeledSequence } from './labeled-batch.ts'

/** Accuracy of the most frequent training label. */
export function majorityAccuracy(train: readonly string[], test: readonly string[]): number {
  const counts = new Map<string, number>()
  for (const label of train) counts.set(label, (counts.get(label) ?? 0) + 1)
  const [common] = [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best))
  return test.filter((label) => label === common).length / test.length
}

/**
 * Accuracy of multinomial naive Bayes with add-one smoothing over the tokens of each sequence: the order of tokens is not used.
 *
 * @see Manning, Raghavan & Schütze 2008, "Introduction to Information Retrieval", section 13.2
 */
export function naiveBayesAccuracy(
  train: readonly LabeledSequence[],
  test: readonly LabeledSequence[],
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

/**
 * The labels that multinomial naive Bayes gives each sequence, each label decided on its own: the sequences that have it against those
 * that do not, with add-one smoothing.
 */
export function naiveBayesLabelSets(
  train: readonly LabeledSequence[],
  test: readonly LabeledSequence[],
  { vocabSize, numLabels }: { vocabSize: number; numLabels: number },
): readonly (readonly number[])[] {
  const all = new Float64Array(vocabSize)
  const having = Array.from({ length: numLabels }, () => new Float64Array(vocabSize))
  const numHaving = new Float64Array(numLabels)
  for (const { input, labels } of train) {
    for (let i = 0; i < input.length; i++) all[input[i]!]!++
    for (const label of labels) {
      if (label === IGNORED) continue
      numHaving[label]!++
      for (let i = 0; i < input.length; i++) having[label]![input[i]!]!++
    }
  }
  const total = sumOf(all)
  const decisions = having.map((counts, label) => {
    const own = sumOf(counts)
    const [yes, no] = [own + vocabSize, total - own + vocabSize]
    return {
      prior: Math.log(numHaving[label]! / (train.length - numHaving[label]!)),
      tokens: counts.map((count, token) => Math.log((count + 1) / yes) - Math.log((all[token]! - count + 1) / no)),
    }
  })
  return test.map(({ input }) =>
    decisions.flatMap(({ prior, tokens }, label) => {
      let score = prior
      for (let i = 0; i < input.length; i++) score += tokens[input[i]!]!
      return score > 0 ? [label] : []
    }),
  )
}

const sumOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0)

/** Accuracy of the label whose training vectors have the nearest mean. */
export function nearestMeanAccuracy(
  train: readonly LabeledSequence[],
  test: readonly LabeledSequence[],
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

/** A label that training did not meet is never right. */
function shareRight(test: readonly LabeledSequence[], guess: (example: LabeledSequence) => number): number {
  const right = test.filter(({ labels: [label] }) => label !== IGNORED)
  return right.filter((example) => guess(example) === example.labels[0]).length / test.length
}
