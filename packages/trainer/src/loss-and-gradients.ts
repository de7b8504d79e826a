import { HeddleError } from '@heddle/core'
import { type Module, type Parameter, valueAndGradients } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import type { Objective, ObjectiveContext, ObjectiveLoss } from './objective.ts'

/** Means over a batch, still on the device, with what they are means over. */
export interface BatchMeans {
  readonly scalars: Readonly<Record<string, tf.Scalar>>
  readonly weight: number
}

/** Collates `examples`, hands the batch to `body` and frees it. */
function withBatch<E, B, R>(objective: Objective<E, B>, examples: readonly E[], body: (batch: B) => R): R {
  if (examples.length === 0) {
    throw new HeddleError('data', 'Trainer: expected a batch of examples, got an empty one. Check the data source.')
  }
  const batch = objective.collate(examples)
  try {
    return body(batch)
  } finally {
    if (objective.dispose === undefined) disposeTensors(batch)
    else objective.dispose(batch)
  }
}

/** Frees every tensor in nested arrays and objects. */
function disposeTensors(container: unknown): void {
  if (container instanceof tf.Tensor) container.dispose()
  else if (typeof container === 'object' && container !== null && !ArrayBuffer.isView(container)) {
    for (const value of Object.values(container)) disposeTensors(value)
  }
}

/** Loss and metrics as scalars that outlive the scope in which the objective made them. */
function keepScalars({ loss, metrics = {} }: ObjectiveLoss): Record<string, tf.Scalar> {
  const named = Object.entries({ ...metrics, loss })
  return Object.fromEntries(named.map(([name, scalar]) => [name, tf.keep(tf.clone(scalar))]))
}

/** The means over a batch, without gradients. The caller owns the scalars. */
export function evaluateBatch<E, B>(
  objective: Objective<E, B>,
  examples: readonly E[],
  context: ObjectiveContext,
): BatchMeans {
  return withBatch(objective, examples, (batch) =>
    tf.tidy(() => {
      const result = objective.loss(batch, context)
      return { scalars: keepScalars(result), weight: result.weight ?? examples.length }
    }),
  )
}

/** The means over a batch and the gradients of its loss. The caller owns all tensors. */
export function lossAndGradients<E, B>(
  model: Module,
  objective: Objective<E, B>,
  examples: readonly E[],
  context: ObjectiveContext,
): BatchMeans & { readonly gradients: Map<Parameter, tf.Tensor> } {
  return withBatch(objective, examples, (batch) => {
    let means: BatchMeans | undefined
    try {
      const { value, gradients } = valueAndGradients(model, () => {
        const result = objective.loss(batch, context)
        means = { scalars: keepScalars(result), weight: result.weight ?? examples.length }
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
  const joined = tf.tidy(() => tf.stack(scalars.map((scalar) => tf.reshape(tf.cast(scalar, 'float32'), []))))
  tf.dispose([...scalars])
  try {
    return Float32Array.from(await joined.data())
  } finally {
    joined.dispose()
  }
}

/** The means over all batches together: Σ weight·mean / Σ weight. Frees the scalars. */
export async function meansOf(
  batches: readonly BatchMeans[],
  extra: readonly tf.Scalar[] = [],
): Promise<{ means: Record<string, number>; weight: number; extra: number[] }> {
  const names = Object.keys(batches[0]?.scalars ?? {})
  const values = await readScalars([...batches.flatMap(({ scalars }) => names.map((name) => scalars[name]!)), ...extra])
  const weight = batches.reduce((sum, batch) => sum + batch.weight, 0)
  const means: Record<string, number> = {}
  names.forEach((name, j) => {
    // One batch keeps its value bit for bit.
    const weighted = (i: number) =>
      values[i * names.length + j]! * (batches.length === 1 ? 1 : batches[i]!.weight / weight)
    means[name] = batches.reduce((sum, _, i) => sum + weighted(i), 0)
  })
  return { means, weight, extra: [...values.subarray(batches.length * names.length)] }
}
