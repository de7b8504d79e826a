import { HeddleError } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'

/** Backends whose tensors lie in memory that the program reads at once. */
const READABLE = new Set(['cpu', 'wasm'])

/**
 * Refuses a tensor of integers with one outside of a range, as the kernels of the wasm backend do.
 *
 * Backends on a graphics card would have to wait for every value; there the numbers are taken on trust.
 *
 * @param except a number that may stand anywhere
 * @throws HeddleError `shape`
 */
export function checkWithin(
  where: string,
  name: string,
  tensor: tf.Tensor,
  [least, most]: readonly [least: number, most: number],
  except?: number,
): void {
  if (!READABLE.has(tf.getBackend())) return
  for (const value of tensor.dataSync()) {
    if ((value >= least && value <= most) || value === except) continue
    const exception = except === undefined ? '' : ` or ${except} to ignore a row`
    throw new HeddleError('shape', `${where}: expected ${name} from ${least} to ${most}${exception}, got ${value}.`)
  }
}
