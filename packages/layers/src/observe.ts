import type * as tf from '@tensorflow/tfjs-core'
import type { Module } from './module.ts'
import { namedModules } from './tree.ts'

/** Origin of an observed value. */
export interface ObservedAt {
  /** The module that reported it; its members say what it reports (see {@link reportsLayers}). */
  readonly module: Module
  /** Name that the module gave it. */
  readonly name: string
}

/**
 * Receives an intermediate value of a forward pass. The tensor lives only as long as the scope that computes it: clone and keep
 * it, or read it at once.
 *
 * @param path the module's path below the observed root, then the value's name (`decoder.attention.weights`)
 */
export type Observer = (path: string, value: tf.Tensor, at: ObservedAt) => void

let active: { readonly paths: ReadonlyMap<Module, string>; readonly observer: Observer } | undefined

/** Whether there is an observer: for values that cost something to compute. */
export const isObserved = (): boolean => active !== undefined

/** Reports an intermediate value of `module`; does nothing without an observer. */
export function observe(module: Module, name: string, value: tf.Tensor): void {
  if (active === undefined) return
  const path = active.paths.get(module)
  if (path !== undefined) active.observer(path === '' ? name : `${path}.${name}`, value, { module, name })
}

/** Runs `body` while `observer` receives the values that the modules below `root` report. */
export function withObserver<T>(root: object, observer: Observer, body: () => T): T {
  const before = active
  active = { paths: new Map(namedModules(root).map(([path, module]) => [module, path])), observer }
  try {
    return body()
  } finally {
    active = before
  }
}

/** Capability of a module with layers: it reports the output of each layer, [B, T, N], under these names, bottom to top. */
export interface ReportsLayers extends Module {
  readonly layerOutputs: readonly string[]
}

/**
 * Capability of a model that predicts tokens: the way from any of its layers to the vocabulary. The layers are those that it, or
 * the first module below it that does so, reports (see {@link ReportsLayers}).
 */
export interface ReadsOut extends Module {
  /**
   * Logits from the output of a layer, by the model's last norm and output layer.
   *
   * @param x [B, T, D]
   * @returns [B, T, V]
   */
  readOut(x: tf.Tensor): tf.Tensor
}

export function readsOut(module: Module): module is ReadsOut {
  return (module as Partial<ReadsOut>).readOut !== undefined
}

export function reportsLayers(module: Module): module is ReportsLayers {
  return (module as Partial<ReportsLayers>).layerOutputs !== undefined
}

/** Part of a model that takes one step for each step of the input: the member `reader`, where a model has one, or all of it. */
export function readerOf(model: Module): Module {
  return (model as { readonly reader?: Module }).reader ?? model
}
