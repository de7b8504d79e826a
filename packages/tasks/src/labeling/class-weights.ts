import { HeddleError, suggest } from '@heddle/core'
import { IGNORED } from './labeled-batch.ts'
import type { ClassWeights } from './settings.ts'

/** @throws HeddleError `config` for a weight of a label that the training examples do not have */
export function checkClassWeights(weights: ClassWeights | undefined, labels: readonly string[], where: string): void {
  if (weights === undefined || weights === 'balanced') return
  const unknown = Object.keys(weights).find((label) => !labels.includes(label))
  if (unknown === undefined) return
  throw new HeddleError(
    'config',
    `${where}: expected training.classWeights to name labels of the training examples, got '${unknown}'. ${suggest(unknown, labels)}`,
  )
}

/**
 * The weight of each label in the loss, [C]; undefined where all count alike. Balanced weights are N / (C·n) for a label that n of
 * N labels are, with C different ones.
 *
 * @see King & Zeng 2001, "Logistic regression in rare events data"
 */
export function weightsOfClasses(
  weights: ClassWeights | undefined,
  labels: readonly string[],
  examples: readonly { readonly labels: readonly number[] }[],
): Float32Array | undefined {
  return weightsBy(weights, labels, examples, (counts) => {
    const total = counts.reduce((sum, count) => sum + count, 0)
    // A label without an example never reaches the loss.
    return (n) => (n === 0 ? 1 : total / (labels.length * n))
  })
}

/**
 * The weight of the examples that have a label, against those that do not, [C]; undefined where all count alike. Balanced weights are
 * (N - n) / n for a label that n of N examples have, so that both weigh the same.
 */
export function weightsOfPositives(
  weights: ClassWeights | undefined,
  labels: readonly string[],
  examples: readonly { readonly labels: readonly number[] }[],
): Float32Array | undefined {
  // A label that all examples have, or none, has nothing to be weighed against.
  return weightsBy(weights, labels, examples, () => (n) => {
    return n === 0 || n === examples.length ? 1 : (examples.length - n) / n
  })
}

/** The weights that the settings name, or balanced ones as a function of how often each label occurs. */
function weightsBy(
  weights: ClassWeights | undefined,
  labels: readonly string[],
  examples: readonly { readonly labels: readonly number[] }[],
  balancing: (counts: Float64Array) => (count: number) => number,
): Float32Array | undefined {
  if (weights === undefined) return undefined
  if (weights !== 'balanced') return Float32Array.from(labels, (label) => weights[label] ?? 1)
  const counts = new Float64Array(labels.length)
  for (const example of examples) for (const id of example.labels) if (id !== IGNORED) counts[id]!++
  return Float32Array.from(counts, balancing(counts))
}
