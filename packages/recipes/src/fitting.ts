import type { RunStore, TrainerEvents, TrainingResult } from '@heddle/trainer'
import type { Dataset, FittedPipeline } from './recipe.ts'

export interface FittingOptions<E> {
  readonly pipeline: FittedPipeline<E>
  readonly dataset: Dataset<E>
  readonly store: RunStore
  readonly events: TrainerEvents
}

/** Stands in for the trainer where a model is fitted in one go: fits it, keeps it in the store and tells what came out. */
export class Fitting<E> {
  readonly #options: FittingOptions<E>

  constructor(options: FittingOptions<E>) {
    this.#options = options
  }

  async train(): Promise<TrainingResult> {
    const { pipeline, dataset, store, events } = this.#options
    const start = performance.now()
    const metrics = await pipeline.fit(dataset.train, dataset.validation)
    await store.write('model.safetensors', pipeline.save())
    const elapsedMs = performance.now() - start
    const validation = { step: 1, epoch: 1, metrics, best: true }
    // A run that is resumed is fitted anew.
    const line = `${JSON.stringify({ event: 'validation', ...validation, elapsedMs })}\n`
    await store.write('log.jsonl', new TextEncoder().encode(line))
    events.onValidation?.(validation)
    const loss = metrics['loss'] ?? Number.NaN
    const result: TrainingResult = {
      steps: 1,
      reason: 'finished',
      loss,
      best: { step: 1, value: loss, metrics },
      elapsedMs,
    }
    events.onEnd?.(result)
    return result
  }

  dispose(): void {}
}
