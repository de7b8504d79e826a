import type { RunStore, TrainerEvents, TrainingRecorder, TrainingResult } from '@heddle/trainer'
import type { Abortable, DirectLearning } from './pipeline.ts'

/** Fits a model that counts, keeps it in the store, and reports it as training does. A resumed run is fitted anew. */
export async function fitDirectly<E>(
  learning: DirectLearning<E>,
  train: readonly E[],
  validation: readonly E[],
  {
    store,
    events,
    recorders,
    signal,
  }: {
    readonly store: RunStore | undefined
    readonly events: TrainerEvents | undefined
    readonly recorders: readonly TrainingRecorder[]
  } & Abortable,
): Promise<TrainingResult> {
  const start = performance.now()
  const metrics = await learning.fit(train, validation, { signal })
  const elapsedMs = performance.now() - start
  const event = { step: 1, epoch: 1, metrics, best: true }
  if (store !== undefined) {
    await store.write('model.safetensors', learning.save())
    const line = `${JSON.stringify({ event: 'validation', ...event, elapsedMs })}\n`
    await store.write('log.jsonl', new TextEncoder().encode(line))
  }
  for (const recorder of recorders) {
    await recorder.start(undefined, undefined)
    await recorder.validation?.(event)
    await recorder.checkpoint()
  }
  events?.onValidation?.(event)
  const loss = metrics['loss'] ?? Number.NaN
  const best = { step: 1, value: loss, metrics }
  const result: TrainingResult = { steps: 1, reason: 'finished', loss, best, elapsedMs }
  events?.onEnd?.(result)
  return result
}
