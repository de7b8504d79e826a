import { type ReportsHeads, reportsHeads } from '@heddle/attention'
import { type Module, withObserver } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import type { WeightMatrix } from './attention-heads.ts'

// N heads, T queries, S keys

/** The weights of one module with attention heads in one forward pass. */
export interface ObservedHeads {
  readonly path: string
  readonly module: ReportsHeads
  readonly heads: readonly WeightMatrix[] // N of [T, S]
}

/**
 * Attention of every module with heads, in the order of the forward pass.
 *
 * Fast kernels do not keep the weights: modules compute them a second time when they are observed, so that training does not pay.
 */
export async function observedHeads(root: Module, forward: () => void): Promise<ObservedHeads[]> {
  const seen: { path: string; module: ReportsHeads; weights: tf.Tensor }[] = []
  tf.tidy(() =>
    withObserver(
      root,
      (path, value, { module, name }) => {
        if (!reportsHeads(module) || module.headWeights !== name || value.rank !== 4) return
        seen.push({ path: path.slice(0, -name.length - 1), module, weights: tf.keep(tf.clone(value)) })
      },
      forward,
    ),
  )
  const observed: ObservedHeads[] = []
  for (const { path, module, weights } of seen) {
    const [, N, T, S] = weights.shape as [number, number, number, number]
    const values = (await weights.data()) as Float32Array
    weights.dispose()
    const row = (n: number, t: number) => [...values.subarray((n * T + t) * S, (n * T + t + 1) * S)]
    const heads = Array.from({ length: N }, (_, n) => Array.from({ length: T }, (_, t) => row(n, t)))
    observed.push({ path, module, heads })
  }
  return observed
}
