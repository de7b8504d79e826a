import type { RandomStream } from '@heddle/core'
import type { DataFile } from '@heddle/data'
import type { Tokenizer } from '@heddle/tokenizer'
import { dataMeasuring } from '../check/facts.ts'
import type { SamplesExhibit } from '../exhibits/samples.ts'
import type { Abortable, EvaluateOptions } from '../task/pipeline.ts'
import { describing } from '../uses/describe.ts'
import { judging } from '../uses/judge.ts'
import { type SequenceToText, type SourceTargetPair, type WrittenText, writtenRow } from './sequence-to-text.ts'

/** The members that every pipeline has that writes texts, whatever it reads. */
export const writing = <S, X>(learning: SequenceToText<S, X>) => ({
  learning,
  metrics: learning.metrics,
  evaluate: (examples: readonly SourceTargetPair<S>[], options?: EvaluateOptions) =>
    learning.evaluate(examples, options),
  score: (texts: readonly string[], examples: readonly SourceTargetPair<S>[]) => learning.score(texts, examples),
  predict: (sources: readonly S[], options?: EvaluateOptions) => learning.write(sources, options),
  format: ({ text }: WrittenText) => text,
  row: writtenRow,
})

/** The abilities of a pipeline that writes texts about files: judging, checks of the data, describing. */
export const fileAbilities = <S, X>(
  learning: SequenceToText<S, X>,
  target: Tokenizer,
  read: (file: DataFile) => Promise<S>,
) => [
  judging.of({
    judge: (examples: readonly SourceTargetPair<S>[], options?: Abortable) =>
      learning.judge(examples, () => ({}), options),
  }),
  dataMeasuring.of({ evenLoss: Math.log(target.vocabSize) }),
  describing.of({
    async describe(files, options) {
      const sources: S[] = []
      for (const file of files) sources.push(await read(file))
      return learning.write(sources, options)
    },
  }),
]

/**
 * Writes texts for some examples.
 *
 * @param rng draws the examples
 * @param inputOf the source for people
 */
export async function writeSamples<S, X>(
  learning: SequenceToText<S, X>,
  examples: readonly SourceTargetPair<S>[],
  rng: RandomStream,
  { count, title, inputOf }: { readonly count: number; readonly title: string; inputOf(source: S): string },
  options?: Abortable,
): Promise<{
  readonly shown: readonly SourceTargetPair<S>[]
  readonly written: readonly WrittenText[]
  readonly samples: SamplesExhibit
}> {
  const shown = rng.shuffled(examples).slice(0, count)
  const written = await learning.write(
    shown.map(({ source }) => source),
    options,
  )
  const samples = shown.map(({ source, target }, i) => ({
    input: inputOf(source),
    output: written[i]!.text,
    expected: target,
  }))
  return { shown, written, samples: { kind: 'samples', title, samples } }
}
