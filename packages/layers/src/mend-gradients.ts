import * as tf from '@tensorflow/tfjs-core'

/**
 * Replaces the gradients of tfjs-core 4.22 that are wrong. Those of unstack and split fail with a single output, that of cumsum is
 * transposed for any axis but the last, those of maximum and minimum do not sum over broadcast axes.
 */
export function mendGradients(): void {
  for (const kernelName of ['Unpack', 'SplitV']) acceptOneGradient(kernelName)
  tf.registerGradient({
    kernelName: 'Cumsum',
    gradFunc: (dy, _, attributes) => {
      const { axis, exclusive, reverse } = attributes as unknown as {
        axis: number
        exclusive: boolean
        reverse: boolean
      }
      return { x: () => tf.cumsum(dy as tf.Tensor, axis, exclusive, !reverse) }
    },
  })
  chooseGradient('Maximum', tf.greaterEqual, tf.less)
  chooseGradient('Minimum', tf.lessEqual, tf.greater)
}

function acceptOneGradient(kernelName: string): void {
  const { gradFunc, ...config } = tf.getGradient(kernelName)
  tf.registerGradient({
    ...config,
    gradFunc: (dy, saved, attributes) => gradFunc(Array.isArray(dy) ? dy : [dy], saved, attributes),
  })
}

type Comparison = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor

/** The gradient goes to the operand that was chosen, to a when both are equal. */
function chooseGradient(kernelName: string, choosesA: Comparison, choosesB: Comparison): void {
  tf.registerGradient({
    kernelName,
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, [a, b]) => {
      const through = (chosen: tf.Tensor, shape: number[]) =>
        sumTo(tf.mul(dy as tf.Tensor, tf.cast(chosen, 'float32')), shape)
      return { a: () => through(choosesA(a!, b!), a!.shape), b: () => through(choosesB(a!, b!), b!.shape) }
    },
  })
}

/** Sums over the axes along which a tensor of `shape` was broadcast to x. */
function sumTo(x: tf.Tensor, shape: number[]): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, x.shape)
  return tf.reshape(axes.length > 0 ? tf.sum(x, axes) : x, shape)
}
