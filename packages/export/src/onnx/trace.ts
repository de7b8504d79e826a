import { type FusedOpInterceptor, interceptFusedOps } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'

/** A tensor that an operation read or made. */
export interface TracedValue {
  readonly id: number
  readonly shape: readonly number[]
  readonly dtype: tf.DataType
}

/** An operation of tfjs, or a fused op of Heddle. */
export interface TracedOperation {
  readonly name: string
  readonly attributes: Readonly<Record<string, unknown>>
  readonly inputs: Readonly<Record<string, TracedValue>>
  readonly outputs: readonly TracedValue[]
}

/** A forward pass as the list of its operations. */
export interface Trace {
  readonly operations: readonly TracedOperation[]
  /** Values that no operation made: weights, and numbers that the code computed. */
  readonly constants: ReadonlyMap<number, Float32Array | Int32Array | Uint8Array>
  readonly outputs: Readonly<Record<string, TracedValue>>
}

/**
 * Records a forward pass on the current backend.
 *
 * @param inputs values that are given and thus no constants
 * @param keeps names of fused ops that stay one operation; others are recorded as the operations of their reference
 * @param run returns the outputs by name
 */
export function trace(
  inputs: readonly tf.Tensor[],
  keeps: ReadonlySet<string>,
  run: () => Readonly<Record<string, tf.Tensor>>,
): Trace {
  const operations: TracedOperation[] = []
  const constants = new Map<number, Float32Array | Int32Array | Uint8Array>()
  const known = new Set(inputs.map(({ id }) => id))
  let depth = 0
  const described = ({ id, shape, dtype }: tf.Tensor): TracedValue => ({ id, shape: [...shape], dtype })
  const read = (tensor: tf.Tensor): TracedValue => {
    if (!known.has(tensor.id)) {
      known.add(tensor.id)
      constants.set(tensor.id, tensor.dataSync().slice() as Float32Array)
    }
    return described(tensor)
  }
  const record = (
    name: string,
    given: object,
    attributes: object | undefined,
    compute: () => tf.Tensor | readonly tf.Tensor[],
  ) => {
    if (depth > 0) return compute()
    const tensors = Object.entries(given).filter((entry): entry is [string, tf.Tensor] => entry[1] instanceof tf.Tensor)
    const values = Object.fromEntries(tensors.map(([key, tensor]) => [key, read(tensor)]))
    depth++
    try {
      const result = compute()
      const outputs = (Array.isArray(result) ? result : [result]) as readonly tf.Tensor[]
      for (const { id } of outputs) known.add(id)
      operations.push({ name, attributes: { ...attributes }, inputs: values, outputs: outputs.map(described) })
      return result
    } finally {
      depth--
    }
  }
  const intercept: FusedOpInterceptor = (name, given, attributes, reference) => {
    if (depth > 0) return undefined
    if (!keeps.has(name)) return reference(given, { ...attributes, anySize: true })
    return record(name, given, attributes, () => reference(given, attributes)) as readonly tf.Tensor[]
  }
  const engine = tf.engine()
  const original = engine.runKernel
  // Every operation of tfjs goes through this method.
  engine.runKernel = ((name: string, given: tf.NamedTensorMap, attributes?: object) =>
    record(name, given, attributes, () =>
      original.call(engine, name, given as never, attributes as never),
    )) as typeof original
  try {
    return tf.tidy(() => {
      const outputs = interceptFusedOps(intercept, run)
      const values = Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, read(tensor)]))
      return { operations, constants, outputs: values } as unknown as tf.TensorContainer
    }) as unknown as Trace
  } finally {
    engine.runKernel = original
  }
}
