import { type GivenExamples, type TaggedSentence, tagSpans } from '@heddle/tasks'

type Given = GivenExamples<TaggedSentence>

/** Settings for labels that tag spans: only valid sequences, and a CRF where training has no weights of single labels. */
export function forSpans<M extends object>({ train, settings }: Given, ofChain?: M) {
  if (!tagSpans([...new Set(train.flatMap(({ tags }) => tags))])) return {}
  const { labelSmoothing, classWeights } = (settings['training'] ?? {}) as Record<string, unknown>
  const isWeighted = classWeights !== undefined || (labelSmoothing !== undefined && labelSmoothing !== 0)
  return { constrained: true, ...(!isWeighted && ofChain) }
}

/** Words that are read in about ten minutes on two cores. */
const MOST_WORDS = 3e6

interface Passes {
  /** Number of times that each sentence is read. */
  readonly epochs: number
  readonly leastSteps: number
}

/** Number of steps that reads the training sentences so many times, or as often as a quarter of an hour allows. */
export function stepsFor({ train, settings }: Given, { epochs, leastSteps }: Passes): number {
  const { batchSize = 32 } = (settings['training'] ?? {}) as { readonly batchSize?: number }
  const words = train.reduce((sum, { words }) => sum + words.length, 0)
  const steps = (Math.min(epochs, MOST_WORDS / words) * train.length) / batchSize
  return Math.max(leastSteps, Math.round(steps / 100) * 100)
}
