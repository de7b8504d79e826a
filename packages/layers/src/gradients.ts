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
      () => freeingAsItGoes(loss()),
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

/** A step of the tape as tfjs keeps it, of which its types say less. */
interface TapeNode {
  readonly saved?: readonly tf.Tensor[]
  gradient?(dys: (tf.Tensor | null)[]): Record<string, () => tf.Tensor>
}

/**
 * Lets the backward pass free what each step has saved, and the gradients of its outputs, once the step before it begins: tfjs
 * keeps both to the end, when the gradients of all weights are there too.
 *
 * @param loss the result of a forward pass that is still recorded
 */
function freeingAsItGoes<T>(loss: T): T {
  const { state } = tf.engine()
  if (state.gradientDepth !== 1) return loss // the gradient of a gradient reads the tape again
  // A step may hand on its gradient as it is, even to several tensors.
  const uses = new Map<tf.Tensor, number>()
  let free = () => {}
  for (const node of state.activeTape as unknown as TapeNode[]) {
    const { gradient } = node
    if (gradient === undefined) continue
    node.gradient = (dys) => {
      free()
      for (const dy of dys) if (dy !== null) uses.set(dy, (uses.get(dy) ?? 1) - 1)
      free = () => {
        tf.dispose([...(node.saved ?? [])])
        for (const dy of dys) {
          if (dy === null || uses.get(dy)! > 0) continue
          uses.delete(dy)
          dy.dispose()
        }
      }
      const thunks = Object.entries(gradient(dys)).map(([name, compute]) => [
        name,
        () => {
          const dx = compute()
          uses.set(dx, (uses.get(dx) ?? 0) + 1)
          return dx
        },
      ])
      return Object.fromEntries(thunks)
    }
  }
  return loss
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
