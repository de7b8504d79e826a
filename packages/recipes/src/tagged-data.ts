import { type GivenExamples, type TaggedSentence, tagSpans } from '@heddle/tasks'

type Given = GivenExamples<TaggedSentence>

/** Settings for labels that tag spans: only valid sequences, and a CRF where training has no weights of single labels. */
export function forSpans<M extends object>({ train, settings }: Given, ofChain?: M) {
  if (!tagSpans([...new Set(train.flatMap(({ tags }) => tags))])) return {}
  const { labelSmoothing, classWeights } = (settings['training'] ?? {}) as Record<string, unknown>
  const isWeighted = classWeights !== undefined || (labelSmoothing !== undefined && labelSmoothing !== 0)
  return { constrained: true, ...(!isWeighted && ofChain) }
}

const EPOCHS = 12
/** Words that are read in about ten minutes on two cores. */
const MOST_WORDS = 3e6

/** Number of steps that reads the training examples twelve times, or as often as a quarter of an hour allows. */
export function stepsFor({ train }: Given, batchSize: number): number {
  const words = train.reduce((sum, { words }) => sum + words.length, 0)
  const steps = (Math.min(EPOCHS, MOST_WORDS / words) * train.length) / batchSize
  return Math.min(6000, Math.max(2000, Math.round(steps / 100) * 100))
}
