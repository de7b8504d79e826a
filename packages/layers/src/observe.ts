import type * as tf from '@tensorflow/tfjs-core'
import type { Module } from './module.ts'
import { namedModules } from './tree.ts'

/**
 * Sees a named intermediate of a forward pass. The tensor lives only as long as the scope that computes it: clone and keep it,
 * or read it at once.
 *
 * @param path the module's path below the observed root, then the intermediate's name (`decoder.attention.weights`)
 */
export type Observer = (path: string, value: tf.Tensor) => void

let active: { readonly paths: ReadonlyMap<Module, string>; readonly observer: Observer } | undefined

/** Whether anybody looks: for intermediates that cost something to compute. */
export const isObserved = (): boolean => active !== undefined

/** Reports an intermediate of `module`; does nothing when nobody looks. */
export function observe(module: Module, name: string, value: tf.Tensor): void {
  if (active === undefined) return
  const path = active.paths.get(module)
  if (path !== undefined) active.observer(path === '' ? name : `${path}.${name}`, value)
}

/** Runs `body` with `observer` seeing what the modules below `root` report. */
export function withObserver<T>(root: object, observer: Observer, body: () => T): T {
  const before = active
  active = { paths: new Map(namedModules(root).map(([path, module]) => [module, path])), observer }
  try {
    return body()
  } finally {
    active = before
  }
}
