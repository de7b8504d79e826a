import type { Row } from '@heddle/data'
import type { Abortable } from '../task/pipeline.ts'
import { judging } from '../uses/judge.ts'
import { type LabeledVector, vectorReading } from '../uses/read-vectors.ts'
import type { LabeledText } from './text-reader.ts'

/** Abilities of text classifiers of one label or several: judging, and reading vectors. */
interface TextLearning {
  judge(
    examples: readonly LabeledText[],
    describe: (example: LabeledText) => Row,
    options?: Abortable,
  ): Promise<readonly Row[]>
  vectors(examples: readonly LabeledText[], options?: Abortable): Promise<readonly LabeledVector[]>
}

/** Abilities of a pipeline of labeled texts that come from what it has learned. */
export const textAbilities = (learning: TextLearning) => [
  judging.of({
    judge: (examples: readonly LabeledText[], options?: Abortable) =>
      learning.judge(examples, ({ text, pair }) => ({ text, ...(pair !== undefined && { pair }) }), options),
  }),
  vectorReading.of({
    async read(examples: readonly LabeledText[], options?: Abortable) {
      const vectors = await learning.vectors(examples, options)
      return vectors.map((vector, i) => ({ ...vector, text: examples[i]!.text }))
    },
  }),
]
