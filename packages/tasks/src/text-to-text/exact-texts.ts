import type { SourceTargetPair } from '../sequence-to-text/sequence-to-text.ts'
import type { TextToTextPipeline } from './text-to-text.ts'

/** Whether the text that is written for each source equals its target. */
export async function exactTexts(
  pipeline: TextToTextPipeline,
  pairs: readonly SourceTargetPair<string>[],
): Promise<readonly boolean[]> {
  const written = await pipeline.predict(pairs.map(({ source }) => source))
  return written.map(({ text }, i) => text === pairs[i]!.target)
}
