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
  const intercepted = interceptor?.(name, inputs, attributes as Readonly<Record<string, unknown>>, reference as never)
  if (intercepted !== undefined) return intercepted as unknown as O
  const kernel = fusedKernel(name)
  return kernel === undefined ? reference(inputs, attributes) : (kernel(inputs, attributes) as unknown as O)
}

/** The current backend's kernel of that name, for callers that have a way of their own where there is none. */
export function fusedKernel(name: string): ((inputs: FusedInputs, attributes: object) => tf.Tensor[]) | undefined {
  if (!fusedOpsEnabled || tf.getKernel(name, tf.getBackend()) == null) return undefined
  return (inputs, attributes) => {
    const result = tf.engine().runKernel(name, inputs as unknown as tf.NamedTensorMap, attributes as tf.NamedAttrMap)
    return Array.isArray(result) ? result : [result]
  }
}

let fusedOpsEnabled = true

/**
 * Computes a fused op in its own way, or returns undefined. A tool that records operations may call the reference with an attribute
 * `anySize`: then it makes the same operations for inputs of every size.
 */
export type FusedOpInterceptor = (
  name: string,
  inputs: FusedInputs,
  attributes: Readonly<Record<string, unknown>>,
  reference: (inputs: FusedInputs, attributes: object) => readonly tf.Tensor[],
) => readonly tf.Tensor[] | undefined

let interceptor: FusedOpInterceptor | undefined

/** Runs `body` without kernels of fused ops, and with an interceptor that sees each of them first: for tools that record a model. */
export function interceptFusedOps<T>(intercept: FusedOpInterceptor, body: () => T): T {
  const before = interceptor
  interceptor = intercept
  try {
    return withoutFusedOps(body)
  } finally {
    interceptor = before
  }
}

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
