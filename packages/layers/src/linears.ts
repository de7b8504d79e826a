import type * as tf from '@tensorflow/tfjs-core'
import { fusedKernel } from './fused-op.ts'
import type { Linear } from './linear.ts'

// N any leading axes, I input size, O output size of a map

/**
 * Several affine maps of one x, as queries, keys and values are: the outputs of `forward` of each. Two or three maps without adapters
 * run as one fused op where the backend has one, which sums the gradient of x in place.
 *
 * @param x [N…, I]
 * @returns [N…, O] for each map
 */
export function linears<const M extends readonly Linear[]>(x: tf.Tensor, maps: M): { [K in keyof M]: tf.Tensor } {
  const fits = maps.every(({ weight, adapter }) => adapter === undefined && weight.shape[0] === x.shape.at(-1))
  const kernel = fits ? fusedKernel(`HeddleLinears${maps.length}`) : undefined
  const outputs =
    kernel === undefined
      ? maps.map((map) => map.forward(x))
      : kernel(
          {
            x,
            ...Object.fromEntries(maps.map(({ weight }, i) => [`weight${i}`, weight.value])),
            ...Object.fromEntries(
              maps.flatMap(({ bias }, i) => (bias === undefined ? [] : [[`bias${i}`, bias.value]])),
            ),
          },
          {},
        )
  return outputs as { [K in keyof M]: tf.Tensor }
}
