import type { MistakenExample, MistakesExhibit } from '../exhibits/mistakes.ts'

const MOST = 12

/** Examples with their right labels, the predicted ones, and the probabilities of all labels, for each step [C]. */
export interface PredictedExamples<E> {
  readonly examples: readonly E[]
  readonly expected: readonly (readonly string[])[]
  readonly predicted: readonly (readonly string[])[]
  readonly probabilities: readonly (readonly Float32Array[])[]
}

/**
 * The wrong predictions whose right label was least probable, at most twelve; none where all are right. Labels that training did
 * not meet are left out.
 *
 * @param describe the example, or its step t where each step has a label
 */
export function worstMistakes<E>(
  { examples, expected, predicted, probabilities }: PredictedExamples<E>,
  labels: readonly string[],
  describe: (example: E, t: number) => MistakenExample,
): MistakesExhibit[] {
  const ids = new Map(labels.map((label, id) => [label, id]))
  const wrong = examples.flatMap((example, i) =>
    expected[i]!.flatMap((label, t) => {
      const [id, given] = [ids.get(label), predicted[i]![t]]
      if (id === undefined || given === undefined || given === label) return []
      const scores = probabilities[i]![t]!
      return [
        { example, t, expected: label, predicted: given, score: scores[ids.get(given)!]!, expectedScore: scores[id]! },
      ]
    }),
  )
  if (wrong.length === 0) return []
  const mistakes = wrong
    .sort((a, b) => a.expectedScore - b.expectedScore)
    .slice(0, MOST)
    .map(({ example, t, ...mistake }) => ({ ...describe(example, t), ...mistake }))
  return [{ kind: 'mistakes', title: 'Worst mistakes', mistakes }]
}

/** A word of a sentence whose words stand with spaces between them. */
export function wordOf(words: readonly string[], t: number): MistakenExample {
  const begin = words.slice(0, t).reduce((sum, word) => sum + word.length + 1, 0)
  return { text: words.join(' '), part: [begin, begin + words[t]!.length] }
}
