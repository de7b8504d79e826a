import { HeddleError } from '@heddle/core'
import type { Module, Parameter } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import type { BatchSource } from './batch-source.ts'
import { clipByValue, clipFactor, globalNorm } from './clip.ts'
import { firstNonFinite, zeroIfFinite } from './first-non-finite.ts'
import { type BatchMeans, lossAndGradients, meansOf } from './loss-and-gradients.ts'
import type { Objective } from './objective.ts'
import type { Optimizer } from './optimizers/optimizer.ts'

export interface GradientStepOptions<E, B> {
  readonly model: Module
  readonly objective: Objective<E, B>
  readonly train: BatchSource<E>
  readonly optimizer: Optimizer
  readonly accumulate: number
  readonly clipNorm: number | undefined
  readonly clipValue: number | undefined
  readonly nonFinite: 'stop' | 'skip'
  /**
   * Looks at the gradients before the update, before they are clipped by norm.
   *
   * @param scale factor by which they are the mean of the batches
   */
  readonly onGradients?: ((gradients: ReadonlyMap<Parameter, tf.Tensor>, scale: number) => Promise<void>) | undefined
}

export interface GradientStepResult {
  /** Reason why there was no update; undefined when there was one. */
  readonly skipped?: string
  readonly loss: number
  readonly metrics: Readonly<Record<string, number>>
  /** Number of items that the means are taken over, usually tokens. */
  readonly weight: number
  /** Before clipping by norm, after clipping by value. */
  readonly gradientNorm: number
}

/**
 * Makes one update from `accumulate` batches: gradients are averaged by the batches' weights, so that the update is that of one large
 * batch; then clipped by value, then by norm.
 *
 * Loss, metrics and norm are read back in one transfer, before the update, so that numbers that are not finite never reach the
 * weights.
 *
 * @throws HeddleError `training` when the loss or the gradient is not finite, unless such steps are to be skipped
 */
export async function gradientStep<E, B>(
  options: GradientStepOptions<E, B>,
  step: number,
  learningRate: number,
  recentLosses: readonly number[],
): Promise<GradientStepResult> {
  const { model, objective, train, optimizer, accumulate, clipNorm, clipValue, nonFinite } = options
  const context = { step, training: true }
  const batches: BatchMeans[] = []
  const drawn: (readonly E[])[] = []
  let gradients: Map<Parameter, tf.Tensor> | undefined
  try {
    for (let i = 0; i < accumulate; i++) {
      const examples = await train.next()
      drawn.push(examples)
      const { gradients: added, ...means } = lossAndGradients(model, objective, examples, context)
      batches.push(means)
      gradients = accumulate === 1 ? added : addWeighted(gradients, added, means.weight)
    }
  } catch (error) {
    tf.dispose([...batches.flatMap(({ scalars }) => Object.values(scalars)), ...(gradients?.values() ?? [])])
    throw error
  }
  const gradientWeight = accumulate === 1 ? 1 : batches.reduce((sum, { weight }) => sum + weight, 0)
  const checks: tf.Scalar[] = []
  if (clipValue !== undefined) {
    // Clipping makes finite numbers of infinities, and on some backends of NaN.
    checks.push(tf.tidy(() => tf.addN([...gradients!.values()].map(zeroIfFinite))) as tf.Scalar)
    const clipped = clipByValue(gradients!, clipValue * gradientWeight)
    disposeAll(gradients!)
    gradients = clipped
  }
  try {
    const { means, weight, extra } = await meansOf(batches, [globalNorm(gradients!), ...checks])
    const { loss, ...metrics } = means
    const gradientNorm = extra.includes(Number.NaN, 1) ? Number.NaN : extra[0]! / gradientWeight
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) {
      // What it carries comes from this batch, and would spoil the next ones.
      objective.restore?.(new Map())
      const reason = await spoiledBatch(drawn, (examples) =>
        firstNonFinite(model, objective, examples, context, gradients!),
      )
      objective.restore?.(new Map())
      if (nonFinite === 'skip') return { skipped: reason, loss: loss!, metrics, weight, gradientNorm }
      throw new HeddleError(
        'training',
        `Trainer: expected a finite loss and gradient, got loss ${loss} and gradient norm ${gradientNorm} at step ${step + 1} ` +
          `with learning rate ${Number(learningRate.toPrecision(4))}; the last losses were ${recentLosses.map((x) => x.toPrecision(5)).join(', ') || '(none)'}. ` +
          `${reason} Lower the learning rate, warm it up for longer, set clipNorm, or skip such steps with nonFinite 'skip'.`,
      )
    }
    await options.onGradients?.(gradients!, 1 / gradientWeight)
    const clip = clipNorm === undefined ? 1 : clipFactor(gradientNorm, clipNorm)
    optimizer.step(gradients!, learningRate, { gradientScale: clip / gradientWeight })
    return { loss: loss!, metrics, weight, gradientNorm }
  } finally {
    disposeAll(gradients!)
  }
}

/** The reason of the first batch that has one of its own; of the last one otherwise. */
async function spoiledBatch<E>(
  batches: readonly (readonly E[])[],
  reasonOf: (examples: readonly E[]) => Promise<string>,
): Promise<string> {
  let reason = ''
  for (const examples of batches) {
    reason = await reasonOf(examples)
    if (!reason.startsWith('Every')) return reason
  }
  return reason
}

/** sum + weight · added, by parameter; frees both. */
function addWeighted(
  sum: Map<Parameter, tf.Tensor> | undefined,
  added: Map<Parameter, tf.Tensor>,
  weight: number,
): Map<Parameter, tf.Tensor> {
  const result = new Map(sum)
  for (const [parameter, gradient] of added) {
    const before = result.get(parameter)
    const weighted = tf.mul(gradient, weight)
    gradient.dispose()
    result.set(parameter, before === undefined ? weighted : tf.add(before, weighted))
    if (before !== undefined) tf.dispose([before, weighted])
  }
  return result
}

function disposeAll(gradients: ReadonlyMap<Parameter, tf.Tensor>): void {
  for (const gradient of gradients.values()) gradient.dispose()
}
