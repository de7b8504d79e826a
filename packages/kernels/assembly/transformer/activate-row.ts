// The functions between the two maps of a feed-forward network.

import { at } from '../memory/address'
import { loadLanes, storeLanes } from '../memory/lanes'
import { geluF32x4, sigmoidF32x4, tanhF32x4 } from '../math/math'
import { tanhArgument } from '../elementwise/pointwise'

export const enum LayerActivation {
  IDENTITY = 0,
  RELU = 1,
  TANH = 2,
  SIGMOID = 3,
  GELU = 4,
  GELU_TANH = 5,
  SILU = 6,
  RELU_SQUARED = 7,
}

/** x = activation(x), or factor = activation(x)·factor where there is one. */
export function activateRow(n: i32, activation: i32, x: usize, factor: usize): void {
  for (let j = 0; j < n; j += 4) {
    const y = activated(activation, loadLanes(at(x, j), n - j))
    if (factor == 0) storeLanes(at(x, j), y, n - j)
    else storeLanes(at(factor, j), f32x4.mul(y, loadLanes(at(factor, j), n - j)), n - j)
  }
}

function activated(activation: i32, x: v128): v128 {
  switch (activation) {
    case LayerActivation.RELU:
      return f32x4.pmax(x, f32x4.splat(0))
    case LayerActivation.TANH:
      return tanhF32x4(x)
    case LayerActivation.SIGMOID:
      return sigmoidF32x4(x)
    case LayerActivation.GELU:
      return geluF32x4(x)
    case LayerActivation.GELU_TANH:
      return f32x4.mul(x, sigmoidF32x4(tanhArgument(x)))
    case LayerActivation.SILU:
      return f32x4.mul(x, sigmoidF32x4(x))
    case LayerActivation.RELU_SQUARED: {
      const positive = f32x4.pmax(x, f32x4.splat(0))
      return f32x4.mul(positive, positive)
    }
    default:
      return x
  }
}
