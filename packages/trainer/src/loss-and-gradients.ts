import { HeddleError, show } from '@heddle/core'
import { type Module, namedParameters, type Parameter, valueAndGradients } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import type { Objective, ObjectiveContext, ObjectiveLoss } from './objective.ts'

/** Means over a batch, still on the device. */
export interface BatchMeans {
  readonly scalars: Readonly<Record<string, tf.Scalar>>
  /** Number of items that the means are taken over. */
  readonly weight: number
  /** The same number for metrics of other items than the loss. */
  readonly metricWeights?: Readonly<Record<string, number>>
}

/** Number of items that one of the means of a batch is taken over. */
export const weightOf = ({ weight, metricWeights }: BatchMeans, name: string): number => metricWeights?.[name] ?? weight

/** Collates `examples`, passes the batch to `body` and frees it. */
function withBatch<E, B, R>(objective: Objective<E, B>, examples: readonly E[], body: (batch: B) => R): R {
  if (examples.length === 0) {
    throw new HeddleError('data', 'Trainer: expected a batch of examples, got an empty one. Check the data source.')
  }
  const batch = collated(objective, examples)
  try {
    return body(batch)
  } finally {
    if (objective.dispose === undefined) disposeTensors(batch)
    else objective.dispose(batch)
  }
}

/** Calls `collate`; when it fails, the tensors that it made are freed. */
function collated<E, B>(objective: Objective<E, B>, examples: readonly E[]): B {
  const engine = tf.engine()
  engine.startScope('collate')
  try {
    const batch = objective.collate(examples)
    for (const tensor of engine.state.activeScope.track) tf.keep(tensor)
    return batch
  } finally {
    engine.endScope()
  }
}

/** Frees every tensor in nested arrays and objects. */
function disposeTensors(container: unknown): void {
  if (container instanceof tf.Tensor) container.dispose()
  else if (typeof container === 'object' && container !== null && !ArrayBuffer.isView(container)) {
    for (const value of Object.values(container)) disposeTensors(value)
  }
}

/**
 * Returns loss and metrics as scalars that outlive the scope in which the objective made them.
 *
 * @throws HeddleError `usage` when the objective returns something else
 */
function checkedMeans(result: ObjectiveLoss, numExamples: number): BatchMeans {
  const { loss, metrics = {}, weight = numExamples, metricWeights } = (result ?? {}) as ObjectiveLoss
  const named = Object.entries({ ...metrics, loss })
  for (const [name, scalar] of named) {
    if (scalar instanceof tf.Tensor && scalar.rank === 0 && (name !== 'loss' || scalar.dtype === 'float32')) continue
    const got = scalar instanceof tf.Tensor ? `${scalar.dtype} [${scalar.shape}]` : show(scalar)
    throw new HeddleError(
      'usage',
      `Objective.loss: expected ${name} to be a scalar${name === 'loss' ? ' of float32' : ''}, got ${got}. Return a mean over the batch, such as tf.mean(…).`,
    )
  }
  for (const [name, value] of Object.entries({ ...metricWeights, loss: weight })) {
    if (value >= 0 && Number.isFinite(value)) continue
    throw new HeddleError(
      'usage',
      `Objective.loss: expected the weight of ${name} to be a number of at least 0, got ${show(value)}. Return the number of items that it is a mean over.`,
    )
  }
  const scalars = Object.fromEntries(named.map(([name, scalar]) => [name, tf.keep(tf.clone(scalar))]))
  return { scalars, weight, ...(metricWeights && { metricWeights }) }
}

/** Returns the means over a batch, without gradients. The caller owns the scalars. */
export function evaluateBatch<E, B>(
  objective: Objective<E, B>,
  examples: readonly E[],
  context: ObjectiveContext,
): BatchMeans {
  return withBatch(objective, examples, (batch) =>
    // Kept scalars outlive the scope; the type of tidy does not know what else it may return.
    tf.tidy(() => checkedMeans(objective.loss(batch, context), examples.length) as never),
  )
}

/** Returns the means over a batch and the gradients of its loss. The caller owns all tensors. */
export function lossAndGradients<E, B>(
  model: Module,
  objective: Objective<E, B>,
  examples: readonly E[],
  context: ObjectiveContext,
): BatchMeans & { readonly gradients: Map<Parameter, tf.Tensor> } {
  if (!namedParameters(model).some(([, parameter]) => parameter.trainable)) {
    throw new HeddleError(
      'config',
      `Trainer: expected a model with trainable parameters, got ${model.constructor.name}, which has none. Keep layers in public fields, and leave at least one parameter unfrozen.`,
    )
  }
  return withBatch(objective, examples, (batch) => {
    let means: BatchMeans | undefined
    try {
      const { value, gradients } = valueAndGradients(model, () => {
        const result = objective.loss(batch, context)
        means = checkedMeans(result, examples.length)
        return result.loss
      })
      value.dispose()
      return { ...means!, gradients }
    } catch (error) {
      tf.dispose(Object.values(means?.scalars ?? {}))
      throw error
    }
  })
}

/**
 * Reads scalars back, all in one transfer, and frees them.
 *
 * @returns their values in order
 */
async function readScalars(scalars: readonly tf.Scalar[]): Promise<Float32Array> {
  const joined = tf.tidy(() => tf.stack(scalars.map((scalar) => tf.cast(scalar, 'float32'))))
  tf.dispose([...scalars])
  try {
    return Float32Array.from(await joined.data())
  } finally {
    joined.dispose()
  }
}

/** The means over all batches together: Σ weight·mean / Σ weight, where batches of weight 0 do not count. Frees the scalars. */
export async function meansOf(
  batches: readonly BatchMeans[],
  extra: readonly tf.Scalar[] = [],
): Promise<{ means: Record<string, number>; weight: number; extra: number[] }> {
  const named = batches.flatMap((batch) =>
    Object.entries(batch.scalars).map(([name, scalar]) => ({ batch, name, scalar })),
  )
  const values = await readScalars([...named.map(({ scalar }) => scalar), ...extra])
  const weight = batches.reduce((sum, batch) => sum + batch.weight, 0)
  const means: Record<string, number> = {}
  for (const name of new Set(named.map((each) => each.name))) {
    const some = named.flatMap((each, i) => (each.name === name ? [{ batch: each.batch, value: values[i]! }] : []))
    const total = some.reduce((sum, { batch }) => sum + weightOf(batch, name), 0)
    const weighted = ({ batch, value }: (typeof some)[number]) => {
      const share = weightOf(batch, name) / total
      // One batch keeps its value bit for bit; the mean of nothing may be NaN.
      return some.length === 1 ? value : share === 0 ? 0 : value * share
    }
    means[name] = some.reduce((sum, each) => sum + weighted(each), 0)
  }
  return { means, weight, extra: [...values.subarray(named.length)] }
}
