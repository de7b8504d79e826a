import type { Baseline } from '../run/recipe.ts'
import type { SourceTargetPair } from '../sequence-to-text/sequence-to-text.ts'
import type { TextToTextPipeline } from './text-to-text.ts'

/** Baseline of summaries: the first sentence of the document, which is hard to beat for news. */
export const leadSentence: Baseline<SourceTargetPair<string>, TextToTextPipeline> = ({ heldOut, pipeline }) =>
  pipeline.score(
    heldOut.map(({ source }) => firstSentence(source)),
    heldOut,
  )

export const firstSentence = (document: string): string => /^.*?[.!?。](?=\s|$)/su.exec(document)?.[0] ?? document
