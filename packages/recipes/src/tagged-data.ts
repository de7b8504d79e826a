import { type GivenExamples, type TaggedSentence, tagSpans } from '@heddle/tasks'

/** Settings for labels that tag spans: only valid sequences, and a CRF where training has no weights of single labels. */
export function forSpans<M extends object>({ train, settings }: GivenExamples<TaggedSentence>, ofChain?: M) {
  if (!tagSpans([...new Set(train.flatMap(({ tags }) => tags))])) return {}
  const { labelSmoothing, classWeights } = (settings['training'] ?? {}) as Record<string, unknown>
  const isWeighted = classWeights !== undefined || (labelSmoothing !== undefined && labelSmoothing !== 0)
  return { constrained: true, ...(!isWeighted && ofChain) }
}
