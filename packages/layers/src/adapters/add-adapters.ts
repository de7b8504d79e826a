import { HeddleError, type PartSpec, suggest } from '@heddle/core'
import type { Module } from '../module.ts'
import { asPart } from '../part-spec.ts'
import { pathMatcher } from '../path-pattern.ts'
import type { BuildContext } from '../points.ts'
import { namedModules, namedParameters } from '../tree.ts'
import { type Adaptable, type Adapter, adapterPoint, isAdaptable } from './adapter.ts'

export interface AdapterTargets {
  /**
   * The layers that get an adapter: the end of a path (`query`, `attention.query`), with `*` for any name (default: `query` and
   * `value`, as in the paper).
   */
  readonly targets?: readonly string[] | undefined
  /** Paths of further parameters to train, such as a new head: `output`, `layers.*.norm` (default: none). */
  readonly alsoTrain?: readonly string[] | undefined
  /** Names of layers of one module whose adapters share their first map, as they read the same input: `query`, `key`, `value`. */
  readonly shared?: readonly string[] | undefined
}

/** Every layer of the tree that can have an adapter, by path. */
export const adaptableLayers = (root: object): [string, Adaptable][] =>
  namedModules(root).filter((entry): entry is [string, Adaptable] => isAdaptable(entry[1]))

/**
 * Gives layers an adapter each, and freezes everything else: no gradient of a frozen parameter is computed, and no optimizer keeps
 * anything for it.
 *
 * @param spec a kind of adapter: 'lora', or { type: 'lora', rank: 8 }
 * @returns paths of the adapted layers
 * @throws HeddleError `config` when a pattern matches nothing, or a layer has an adapter already
 */
export function addAdapters(
  root: object,
  spec: string | PartSpec,
  { targets = ['query', 'value'], alsoTrain = [], shared = [] }: AdapterTargets,
  context: BuildContext,
): string[] {
  const layers = adaptableLayers(root)
  const chosen = layers.filter(([path]) => targets.some((target) => pathMatcher(target, 'end')(path)))
  checkTargets(layers, targets)
  const adapted = chosen.find(([, { adapter }]) => adapter !== undefined)
  if (adapted !== undefined) {
    throw new HeddleError(
      'config',
      `addAdapters: expected '${adapted[0]}' without an adapter, got one with an adapter. Merge or remove the adapters first.`,
    )
  }
  trainOnly(root, alsoTrain)
  const firstOf = new Map<string, Adapter>()
  for (const [path, layer] of chosen) {
    const [inputSize, outputSize] = layer.weight.shape as [number, number]
    const names = path.split('.')
    const holder = shared.includes(names.pop()!) ? names.join('.') : undefined
    const sharing = holder === undefined ? undefined : firstOf.get(holder)
    const sizes = { inputSize, outputSize, ...(sharing && { sharing }) }
    layer.adapter = context.registry.create(adapterPoint, asPart(spec), { ...context, ...sizes })
    layer.adapter.training = layer.training
    if (holder !== undefined) firstOf.set(holder, layer.adapter)
  }
  return chosen.map(([path]) => path)
}

/** Freezes all parameters but those whose paths match. */
function trainOnly(root: object, patterns: readonly string[]): void {
  const matchers = patterns.map((pattern) => pathMatcher(pattern, 'start'))
  const parameters = namedParameters(root)
  for (const [i, pattern] of patterns.entries()) {
    if (parameters.some(([path]) => matchers[i]!(path))) continue
    const names = [...new Set(parameters.map(([path]) => path.split('.')[0]!))]
    throw new HeddleError(
      'config',
      `addAdapters: expected '${pattern}' to match a parameter, got none. ${suggest(pattern, names)}`,
    )
  }
  for (const [path, parameter] of parameters) {
    parameter.trainable = parameter.trainable && matchers.some((matches) => matches(path))
  }
}

function checkTargets(layers: readonly [string, Adaptable][], targets: readonly string[]): void {
  const names = [...new Set(layers.map(([path]) => path.split('.').at(-1)!))]
  for (const target of targets) {
    const matches = pathMatcher(target, 'end')
    if (layers.some(([path]) => matches(path))) continue
    throw new HeddleError(
      'config',
      names.length === 0
        ? 'addAdapters: expected a model with linear layers, got one without any. Train it without adapters.'
        : `addAdapters: expected '${target}' to match a linear layer, got none. ${suggest(target, names)}`,
    )
  }
  if (targets.length === 0) {
    throw new HeddleError('config', `addAdapters: expected at least one target, got none. ${suggest('', names)}`)
  }
}

/** A layer with an adapter. */
export type AdaptedLayer = Adaptable & { adapter: Adapter }

/** The layers of the tree that have an adapter, by path. */
export const adaptedLayers = (root: object): [string, AdaptedLayer][] =>
  adaptableLayers(root).filter((entry): entry is [string, AdaptedLayer] => entry[1].adapter !== undefined)

/** Whether any layer of the tree has an adapter. */
export const hasAdapters = (root: Module): boolean => adaptedLayers(root).length > 0
