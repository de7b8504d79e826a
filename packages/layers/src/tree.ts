import { RandomStream } from '@heddle/core'
import { Module } from './module.ts'
import { Parameter } from './parameter.ts'

type Leaf = Parameter | RandomStream

/** Walks the public fields below `root`, depth first, each object once (so a tied parameter appears under its first path). */
function* walk(root: object, path: string, seen: Set<object>): Generator<[string, Module | Leaf]> {
  if (seen.has(root)) return
  seen.add(root)
  if (root instanceof Parameter || root instanceof RandomStream) {
    yield [path, root]
    return
  }
  if (root instanceof Module) yield [path, root]
  for (const [key, value] of Object.entries(root)) {
    if (isNode(value)) yield* walk(value, path === '' ? key : `${path}.${key}`, seen)
  }
}

function isNode(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  if (value instanceof Parameter || value instanceof RandomStream || value instanceof Module || Array.isArray(value))
    return true
  return Object.getPrototypeOf(value) === Object.prototype
}

function* ofClass<T extends object>(
  root: object,
  kind: abstract new (...inputs: never[]) => T,
): Generator<[string, T]> {
  for (const [path, node] of walk(root, '', new Set())) if (node instanceof kind) yield [path, node as T]
}

/** Every parameter of the tree with its path (`encoder.layers.0.weight`), in order of declaration; shared ones once. */
export const namedParameters = (root: object): [string, Parameter][] => [...ofClass(root, Parameter)]

/** Every module of the tree with its path; the root's is the empty string. */
export const namedModules = (root: object): [string, Module][] => [...ofClass(root, Module)]

/** Every random stream of the tree (such as dropout's) with its path. A checkpoint has to keep them. */
export const namedStreams = (root: object): [string, RandomStream][] => [...ofClass(root, RandomStream)]

/** Switches a whole tree to training or evaluation. */
export function setTraining(root: object, training: boolean): void {
  for (const [, module] of namedModules(root)) module.training = training
}

/** Frees the memory of every parameter of the tree. */
export function disposeParameters(root: object): void {
  for (const [, parameter] of namedParameters(root)) parameter.dispose()
}

/** Number of elements in all parameters of the tree, and in those that training changes. */
export function countParameters(root: object): { total: number; trainable: number } {
  let total = 0
  let trainable = 0
  for (const [, parameter] of namedParameters(root)) {
    total += parameter.size
    if (parameter.trainable) trainable += parameter.size
  }
  return { total, trainable }
}

/** Sets whether training changes the parameters whose path `matches`; returns those paths. */
export function setTrainable(root: object, matches: (path: string) => boolean, trainable: boolean): string[] {
  const paths: string[] = []
  for (const [path, parameter] of namedParameters(root)) {
    if (!matches(path)) continue
    parameter.trainable = trainable
    paths.push(path)
  }
  return paths
}
