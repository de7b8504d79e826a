import { enableGradients } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { checkSequenceInputs, type RecurrentCell, type RecurrentState } from './cells/cell.ts'
import { runSteps } from './cells/run-steps.ts'

// B batch, T time, I input size, H hidden size, K state tensors

/**
 * Norm of the gradient of a loss with respect to the state at each step: ‖∂L/∂state_k[t]‖ over batch and units.
 *
 * In a vanilla network it shrinks or grows with the powers of the recurrent weights; the memory c of an LSTM keeps it.
 *
 * @param x [B, T, I]
 * @param loss of the outputs [B, T, H], such as a function of the last one
 * @returns [K, T], one row for each state tensor of the cell (h, and c of an LSTM)
 * @see Pascanu et al. 2013, "On the difficulty of training recurrent neural networks"
 */
export function gradientFlow(
  cell: RecurrentCell,
  x: tf.Tensor,
  loss: (outputs: tf.Tensor) => tf.Scalar,
  state: RecurrentState = cell.initialState(x.shape[0]!),
): tf.Tensor {
  enableGradients()
  checkSequenceInputs(cell, x, state)
  const [B, T] = x.shape as [number, number]
  // The gradient of a zero that is added to a state is the gradient of that state.
  const zeros = cell.stateSizes.map((size) => Array.from({ length: T }, () => tf.zeros([B, size])))
  const { grads } = tf.engine().gradients(
    () => {
      let t = 0
      const { outputs } = runSteps(x, state, { reverse: false }, (input, before) => {
        const after = cell.forward(input, before).state.map((tensor, k) => tf.add(tensor, zeros[k]![t]!))
        t++
        return { output: after[0]!, state: after }
      })
      return loss(outputs)
    },
    zeros.flat(),
    undefined,
    true,
  )
  const norms = grads.map((gradient) => (gradient == null ? tf.scalar(0) : tf.norm(gradient)))
  return tf.reshape(tf.stack(norms), [cell.stateSizes.length, T])
}
