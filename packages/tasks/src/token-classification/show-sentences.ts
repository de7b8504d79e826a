import type { LabeledTextExhibit } from '../exhibits/labeled-text.ts'
import type { TaggedSentence } from './word-reader.ts'

const SHOWN = 12

/** Unseen sentences with the right and the predicted label of each word. */
export function showSentences(
  sentences: readonly TaggedSentence[],
  predicted: readonly (readonly string[])[],
): LabeledTextExhibit {
  const texts = sentences
    .slice(0, SHOWN)
    .map(({ words, tags }, i) => words.map((text, t) => ({ text, label: predicted[i]![t]!, expected: tags[t]! })))
  return { kind: 'labeled-text', title: 'Unseen sentences', texts }
}
