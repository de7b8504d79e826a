import * as tf from '@tensorflow/tfjs-core'
import { registerAllGradients } from './generated/gradients.js'
import { mendGradients } from './mend-gradients.ts'
import type { Parameter } from './parameter.ts'
import { namedParameters } from './tree.ts'

/**
 * Registers the gradients of tfjs-core, once. The functions of this package call it themselves; call it before a direct use of
 * `tf.grads` or `tf.variableGrads`.
 */
export function enableGradients(): void {
  if (tf.getGradient('Identity') == null) registerAllGradients()
  if (mended) return
  mendGradients()
  mended = true
}

let mended = false

/**
 * Computes a loss and its gradient with respect to every trainable parameter below `root` on which it depends.
 *
 * The caller owns the returned tensors.
 */
export function valueAndGradients(
  root: object,
  loss: () => tf.Scalar,
): { value: tf.Scalar; gradients: Map<Parameter, tf.Tensor> } {
  enableGradients()
  const parameters = namedParameters(root)
    .map(([, parameter]) => parameter)
    .filter((parameter) => parameter.trainable)
  const { value, grads } = freeingTape(() =>
    tf.engine().gradients(
      loss,
      parameters.map((parameter) => parameter.value),
      undefined,
      true,
    ),
  )
  const gradients = new Map<Parameter, tf.Tensor>()
  parameters.forEach((parameter, i) => {
    const gradient = grads[i]
    if (gradient != null) gradients.set(parameter, gradient)
  })
  return { value: value as tf.Scalar, gradients }
}

/** Calls `differentiate`; when it throws, frees the tensors that tfjs has set aside for the backward pass, which it keeps otherwise. */
function freeingTape<T>(differentiate: () => T): T {
  try {
    return differentiate()
  } catch (error) {
    const { state } = tf.engine()
    if (state.gradientDepth === 0) {
      for (const { saved } of state.activeTape ?? []) tf.dispose(saved ?? [])
      state.activeTape = []
    }
    throw error
  }
}

/** x with no gradient flowing back through it. */
export function stopGradient<T extends tf.Tensor>(x: T): T {
  return tf.customGrad((input) => {
    const value = tf.clone(input as tf.Tensor)
    return { value, gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy) }
  })(x) as T
}

/**
 * Runs `compute` outside of differentiation: its result, of any dtype, passes no gradient on to its inputs.
 */
export function withoutGradient<T extends tf.Tensor>(compute: () => T): T {
  // An op without inputs is a constant to the tape.
  return tf.customGrad(() => ({ value: compute(), gradFunc: () => [] }))() as T
}
