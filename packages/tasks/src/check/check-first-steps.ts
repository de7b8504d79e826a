import type { RandomStream } from '@heddle/core'
import { namedParameters, type Parameter } from '@heddle/layers'
import { AdamW, type BatchSource, constant, type Optimizer, Trainer, withWarmup } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import type { Abortable } from '../task/pipeline.ts'
import type { Task } from '../task/task.ts'
import { dataMeasuring } from './facts.ts'
import { counted, type Finding, passed, warning } from './finding.ts'

/** Examples of the one batch, and the steps in which it is learned by heart. */
const BATCH = 8
const STEPS = 80
const WARM_UP = 10
const LONGEST = 15_000
/** Share of the first loss that is left of it, at most. */
const LEARNED = 0.5
/** A first loss further from even guessing than by this factor says that something is off. */
const NEAR = 2

/**
 * Trains a prepared task on one small batch: the loss must start near that of even guessing, fall as the batch is learned by
 * heart, and every weight must get a gradient. The weights change, so the task is of no use afterwards.
 *
 * @param isNew false for a model that starts from trained weights, whose first loss may be lower
 */
export async function checkFirstSteps<E>(
  task: Task<E>,
  train: readonly E[],
  { rng, isNew = true, signal }: { readonly rng: RandomStream; readonly isNew?: boolean } & Abortable,
): Promise<readonly Finding[]> {
  const { learning, abilities } = task.pipeline
  if (!('objective' in learning)) return []
  const { model } = task
  const { learningRate, clipNorm } = task.config.training
  const batches = await learning.trainingBatches(train, rng, { signal })
  const batch = (await batches.next()).slice(0, BATCH)
  const optimizer = new GradientWatch(new AdamW(model), model)
  const losses: number[] = []
  const trainer = new Trainer<unknown, unknown>({
    model,
    objective: learning.objective,
    train: endlessly(batch),
    optimizer,
    schedule: withWarmup(constant(learningRate), WARM_UP),
    steps: STEPS,
    ...(clipNorm !== null && { clipNorm }),
    events: { onStep: ({ loss }) => losses.push(loss) },
  })
  try {
    const enough = AbortSignal.timeout(LONGEST)
    await trainer.train(signal === undefined ? enough : AbortSignal.any([signal, enough]))
    signal?.throwIfAborted()
  } finally {
    trainer.dispose()
  }
  const { evenLoss } = dataMeasuring.find(abilities) ?? {}
  return [
    ...(isNew && evenLoss !== undefined ? [firstLoss(losses[0]!, evenLoss)] : []),
    overfitting(losses),
    deadParameters(optimizer.untouched()),
  ]
}

function firstLoss(loss: number, evenLoss: number): Finding {
  const message = `the first loss is ${loss.toFixed(3)}, that of even guessing ${evenLoss.toFixed(3)}`
  return loss < evenLoss * NEAR && loss > evenLoss / NEAR
    ? passed('first loss', message)
    : warning('first loss', `${message}. Look at the scale of the first weights and of the inputs.`)
}

function overfitting(losses: readonly number[]): Finding {
  const [first, least] = [losses[0]!, Math.min(...losses)]
  const message = `the loss of one small batch goes from ${first.toFixed(3)} to ${least.toFixed(3)} in ${losses.length} steps`
  if (least >= LEARNED * first && losses.length < STEPS) {
    return passed('one batch', `${message}; there was no time for more, so it may still be learned by heart`)
  }
  return least < LEARNED * first
    ? passed('one batch', message)
    : warning(
        'one batch',
        `${message}: it should be learned by heart. Look at the learning rate, and whether labels follow from inputs.`,
      )
}

function deadParameters(names: readonly string[]): Finding {
  return names.length === 0
    ? passed('gradients', 'every weight gets a gradient')
    : warning('gradients', `${counted(names.length, 'weight gets', 'weights get')} no gradient: ${names.join(', ')}`)
}

const endlessly = <E>(batch: readonly E[]): BatchSource<E> => ({
  next: () => batch,
  epoch: 0,
  batchesPerEpoch: 1,
  state: () => null,
  restore: () => {},
})

/** An optimizer that remembers which parameters have had a gradient other than zero. */
class GradientWatch implements Optimizer {
  readonly #inner: Optimizer
  readonly #waiting: Map<Parameter, string>

  constructor(inner: Optimizer, root: object) {
    this.#inner = inner
    const trainable = namedParameters(root).filter(([, parameter]) => parameter.trainable)
    this.#waiting = new Map(trainable.map(([path, parameter]) => [parameter, path]))
  }

  step(...[gradients, learningRate, options]: Parameters<Optimizer['step']>): void {
    for (const parameter of [...this.#waiting.keys()]) {
      const gradient = gradients.get(parameter)
      if (gradient === undefined) continue
      const largest = tf.tidy(() => tf.max(tf.abs(gradient)).dataSync()[0]!)
      if (largest > 0) this.#waiting.delete(parameter)
    }
    this.#inner.step(gradients, learningRate, options)
  }

  /** Paths of the parameters that have had none. */
  untouched(): readonly string[] {
    return [...this.#waiting.values()]
  }

  state = () => this.#inner.state()

  restore: Optimizer['restore'] = (state) => this.#inner.restore(state)

  dispose(): void {
    this.#inner.dispose()
  }
}
