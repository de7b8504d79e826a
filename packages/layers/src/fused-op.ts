import * as tf from '@tensorflow/tfjs-core'

/** Inputs of a fused op by name; an optional one that is absent is left out. */
export type FusedInputs = Readonly<Record<string, tf.Tensor>>

/**
 * Runs the current backend's kernel of that name, or the reference formula where there is none.
 *
 * A kernel gets the same inputs and attributes and returns the reference's outputs first; further outputs are for its own gradient.
 * The reference is made of plain tfjs operations, which tfjs differentiates.
 *
 * @returns as many tensors as the reference returns
 */
export function fusedOp<I extends FusedInputs, A extends object, O extends readonly tf.Tensor[]>(
  name: string,
  inputs: I,
  attributes: A,
  reference: (inputs: I, attributes: A) => O,
): O {
  if (fusedOpsEnabled && tf.getKernel(name, tf.getBackend()) != null) {
    const result = tf.engine().runKernel(name, inputs as unknown as tf.NamedTensorMap, attributes as tf.NamedAttrMap)
    return (Array.isArray(result) ? result : [result]) as unknown as O
  }
  return reference(inputs, attributes)
}

let fusedOpsEnabled = true

/** Runs `body` with the reference formulas only, to compare kernels with them. */
export function withoutFusedOps<T>(body: () => T): T {
  const before = fusedOpsEnabled
  fusedOpsEnabled = false
  try {
    return body()
  } finally {
    fusedOpsEnabled = before
  }
}
