import { separatedBy } from '@heddle/data'
import type { SamplesExhibit } from '../exhibits/samples.ts'
import { labelPrediction } from '../labeling/labels.ts'
import { type MultiLabeling, SEPARATOR, sigmoid } from '../labeling/multi-labeling.ts'
import { textAbilities } from './text-abilities.ts'
import type { TextClassificationPipeline, TextPrediction } from './text-pipeline.ts'
import type { LabeledText, TextReader } from './text-reader.ts'

/** The parts of a pipeline that do not depend on how labels are decided. */
export type SharedPipeline = Pick<
  TextClassificationPipeline,
  'labels' | 'reader' | 'vocabSize' | 'input' | 'abilities' | 'wordTable'
>

/** Joins a model that decides each label of a text on its own. */
export function multiLabelPipeline(
  learning: MultiLabeling<LabeledText, ReturnType<TextReader['encode']>>,
  shared: SharedPipeline,
  shown: number,
): TextClassificationPipeline {
  const { labels, reader } = shared
  return {
    ...shared,
    learning,
    isMultiLabel: true,
    activation: 'sigmoid',
    metrics: learning.metrics,
    evaluate: (examples, options) => learning.evaluate(examples, options),
    async predict(texts, options) {
      const unlabeled = (text: (typeof texts)[number]): LabeledText =>
        typeof text === 'string' ? { text, label: [] } : { text: text[0], pair: text[1], label: [] }
      const encoded = texts.map((text) => reader.encode(unlabeled(text)))
      const logits = await learning.predict(encoded, options)
      return logits.map((row): TextPrediction => {
        const best = row.indexOf(Math.max(...row))
        const probabilities = Array.from(row, sigmoid)
        return { ...labelPrediction(best, probabilities, labels), labels: learning.chosen(row) }
      })
    },
    format: ({ labels: chosen = [], scores }) =>
      chosen.map((label) => `${label} (${Math.round(100 * scores[label]!)} %)`).join(', ') || 'no label',
    row: ({ labels: chosen = [], scores }) => ({ prediction: separatedBy(SEPARATOR, chosen), scores }),
    async demonstrate(unseen, rng, options) {
      const { examples, predicted } = await learning.predictShuffled(unseen, rng, options)
      const written = (list: readonly string[]) => list.join(', ') || 'no label'
      const samples: SamplesExhibit = {
        kind: 'samples',
        title: 'Unseen texts',
        samples: examples.slice(0, shown).map((example, i) => ({
          input: example.text,
          // In one order, so that equal sets are equal texts.
          output: written([...predicted[i]!].sort()),
          expected: written([...reader.labelsOf(example)].sort()),
        })),
      }
      return [samples, ...learning.labelScores(examples, predicted)]
    },
    abilities: [...textAbilities(learning), ...shared.abilities],
  }
}
