import { RandomStream } from '@heddle/core'
import type { TrainingRecorder } from '@heddle/trainer'
import type { Exhibit } from '../exhibits/exhibit.ts'
import type { Task } from './task.ts'

/** A record of the training of a task, which may also take what the model does with held-out examples. */
export interface TaskRecorder extends TrainingRecorder {
  /** Receives exhibits of a step that is validated; of many validations those of some. The examples are the same each time. */
  exhibits?(exhibits: readonly Exhibit[], step: number): Promise<void>
}

/** Examples for the exhibits of a validation, as a share of those of the steps since the one before: less than 1 % of their time. */
const SHARE = 0.01
const LEAST = 8
const MOST = 256

/** The recorders of a training, and one more that shows held-out examples to those that take exhibits. */
export function withExhibits<E>(
  recorders: readonly TaskRecorder[],
  task: Task<E>,
  validation: readonly E[],
): readonly TrainingRecorder[] {
  const shown = recorders.filter(({ exhibits }) => exhibits !== undefined)
  if (shown.length === 0 || validation.length === 0) return recorders
  const { evaluateEvery, batchSize } = task.config.training
  const examples = spread(validation, Math.min(MOST, Math.max(LEAST, Math.floor(SHARE * evaluateEvery * batchSize))))
  const exhibiting: TrainingRecorder = {
    name: 'exhibits',
    async start() {},
    async demonstrate(step, signal) {
      const exhibits = await task.demonstrate(examples, { signal, rng: new RandomStream(1), isBrief: true })
      for (const recorder of shown) await recorder.exhibits?.(exhibits, step)
    },
    async checkpoint() {},
  }
  return [exhibiting, ...recorders]
}

/** At most `count` examples from all over the list, in its order. */
const spread = <E>(examples: readonly E[], count: number): readonly E[] =>
  examples.length <= count
    ? examples
    : Array.from({ length: count }, (_, i) => examples[Math.floor((i * examples.length) / count)]!)
