import * as tf from '@tensorflow/tfjs-core'
import { disposeParameters } from '../tree.ts'
import { type Adaptable, adaptedWeight } from './adapter.ts'
import { adaptedLayers } from './add-adapters.ts'

/** Adapters that were merged, with the weights before. */
export interface MergedAdapters {
  /** Puts weights and adapters back, bit for bit. */
  unmerge(): void
  /** Frees the adapters and the weights before: the merge is for good. */
  dispose(): void
}

/**
 * Adds the change of every adapter to its layer's weight and takes the adapters out: the same outputs in evaluation, at the cost of
 * the model alone. Until {@link MergedAdapters.dispose}, the adapted layers hold their weights twice.
 */
export function mergeAdapters(root: object): MergedAdapters {
  const merged = adaptedLayers(root).map(([, adapted]) => {
    const { weight, adapter } = adapted
    const layer: Adaptable = adapted
    const before = tf.keep(tf.clone(weight.value as tf.Tensor))
    tf.tidy(() => weight.assign(adaptedWeight(adapted)))
    layer.adapter = undefined
    return { layer, adapter, before }
  })
  let isOpen = true
  return {
    unmerge() {
      if (!isOpen) return
      isOpen = false
      for (const { layer, adapter, before } of merged) {
        layer.weight.assign(before)
        before.dispose()
        layer.adapter = adapter
      }
    },
    dispose() {
      if (!isOpen) return
      isOpen = false
      for (const { adapter, before } of merged) {
        before.dispose()
        disposeParameters(adapter)
      }
    },
  }
}
