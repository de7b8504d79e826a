import { HeddleError, periodicYield } from '@heddle/core'
import { type Module, namedStreams, setTraining } from '@heddle/layers'
import { type BatchMeans, evaluateBatch, meansOf, weightOf } from './loss-and-gradients.ts'
import type { Objective } from './objective.ts'

export interface ValidateOptions<E, B> {
  readonly model: Module
  readonly objective: Objective<E, B>
  /** Batches of held-out examples. */
  readonly batches: Iterable<readonly E[]> | AsyncIterable<readonly E[]>
  /** Number of steps made so far, passed to the objective. */
  readonly step?: number
  /** Ends it within a batch, with the signal's reason. */
  readonly signal?: AbortSignal
}

/**
 * Computes the exact means of loss and metrics over held-out examples, in evaluation mode (no dropout). A mean over nothing is
 * left out.
 *
 * It does not affect training: the state that the objective carries starts empty and is restored afterwards, and so are the
 * random streams of model and objective.
 */
export async function validate<E, B>({
  model,
  objective,
  batches,
  step = 0,
  signal,
}: ValidateOptions<E, B>): Promise<Record<string, number>> {
  const carried = await objective.state?.()
  const streams = [...namedStreams(model), ...namedStreams(objective)].map(
    ([, stream]) => [stream, stream.state()] as const,
  )
  objective.restore?.(new Map())
  const wasTraining = model.training
  setTraining(model, false)
  const yieldNow = periodicYield(signal)
  const sums: Record<string, number> = {}
  const totals: Record<string, number> = {}
  try {
    for await (const examples of batches) {
      await yieldNow()
      const batch: BatchMeans = evaluateBatch(objective, examples, { step, training: false })
      const { means } = await meansOf([batch])
      for (const [name, mean] of Object.entries(means)) {
        const weight = weightOf(batch, name)
        if (weight === 0) continue
        sums[name] = (sums[name] ?? 0) + mean * weight
        totals[name] = (totals[name] ?? 0) + weight
      }
    }
  } finally {
    setTraining(model, wasTraining)
    if (carried !== undefined) objective.restore?.(carried)
    for (const [stream, state] of streams) stream.restore(state)
  }
  if (Object.keys(totals).length === 0) {
    throw new HeddleError('data', 'validate: expected at least one held-out example, got none. Check the split.')
  }
  return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / totals[name]!]))
}
