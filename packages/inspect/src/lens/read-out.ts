import {
  type Module,
  namedModules,
  type ReadsOut,
  type ReportsLayers,
  readsOut,
  reportsLayers,
  withObserver,
} from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'

/** The module that turns outputs of layers into logits, and the one that reports them. */
export interface LensModules {
  readonly model: ReadsOut
  readonly reporter: ReportsLayers
}

/** The modules below `root` that make its layers readable, if it has them. */
export function lensModules(root: Module): LensModules | undefined {
  for (const [, model] of namedModules(root)) {
    if (!readsOut(model)) continue
    for (const [, reporter] of namedModules(model)) if (reportsLayers(reporter)) return { model, reporter }
  }
  return undefined
}

/** The input of the first layer, where it is reported, and the output of each. The caller disposes them. */
export function layerOutputs(
  root: Module,
  { reporter }: LensModules,
  forward: () => void,
): { name: string; value: tf.Tensor }[] {
  const seen = new Map<string, tf.Tensor>()
  tf.tidy(() =>
    withObserver(
      root,
      (_, value, { module, name }) => {
        if (module !== reporter || !(name === 'embedded' || reporter.layerOutputs.includes(name))) return
        seen.get(name)?.dispose()
        seen.set(name, tf.keep(tf.clone(value)))
      },
      forward,
    ),
  )
  const named = [['input', 'embedded'], ...reporter.layerOutputs.map((name, l) => [`layer ${l}`, name])]
  return named.flatMap(([name, observed]) => {
    const value = seen.get(observed!)
    return value === undefined ? [] : [{ name: name!, value }]
  })
}

/** The output of the last layer, [B, T, D]; within a tidy. */
export function lastOutput(root: Module, modules: LensModules, forward: () => void): tf.Tensor {
  const outputs = layerOutputs(root, modules, forward)
  const last = outputs.pop()!
  for (const { value } of outputs) value.dispose()
  // No longer kept: the tidy around frees it.
  const result = tf.clone(last.value)
  last.value.dispose()
  return result
}
