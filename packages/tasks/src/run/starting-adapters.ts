import { type FileFolder, HeddleError, type PartSpec, type Registry } from '@heddle/core'
import {
  type Adaptable,
  type AdapterFolder,
  adaptedLayers,
  type BuildContext,
  disposeParameters,
  type LoadedAdapters,
  type Module,
  namedParameters,
  type PretrainedFormat,
  pretrainedPoint,
} from '@heddle/layers'

/**
 * The base model that a folder of adapters names; undefined for another folder.
 *
 * @throws HeddleError `format` for adapters that Heddle lacks
 */
export async function adaptersIn(folder: FileFolder, registry: Registry): Promise<AdapterFolder | undefined> {
  for (const { name } of registry.list(pretrainedPoint)) {
    const found = await registry.create(pretrainedPoint, { type: name }, undefined).adaptersIn(folder)
    if (found !== undefined) return found
  }
  return undefined
}

/** @throws HeddleError `config` for adapters that no settings describe and that are not merged */
export async function readAdapters(
  format: PretrainedFormat,
  model: Module,
  spec: PartSpec,
  {
    adapters,
    name,
    mergeAdapters,
  }: {
    readonly adapters: FileFolder
    readonly name: string
    readonly mergeAdapters?: boolean | undefined
  },
  context: BuildContext,
): Promise<LoadedAdapters> {
  try {
    const loaded = await format.loadAdapters(model, spec, adapters, context)
    if (loaded.settings !== undefined || mergeAdapters === true) return loaded
    throw new HeddleError(
      'config',
      `${name}: expected adapters of one rank and alpha, got several (rank_pattern, alpha_pattern). Merge them with --merge-adapters.`,
    )
  } catch (error) {
    disposeParameters(model)
    throw error
  }
}

/** Takes the adapters of a model out, for one that gets the same. */
export function keptAdapters(source: Module) {
  const adapters = adaptedLayers(source).map(([path, layer]) => {
    const { adapter } = layer
    ;(layer as Adaptable).adapter = undefined
    return [path, new Map(namedParameters(adapter))] as const
  })
  return {
    handOver(target: Module): void {
      const layers = new Map(adaptedLayers(target))
      const missing = adapters.flatMap(([path]) => (layers.has(path) ? [] : [path]))
      if (missing.length > 0) {
        throw new HeddleError(
          'state-dict',
          `Adapters: expected a model with the adapted layers ${missing.join(', ')}, got one without them. Merge the adapters with --merge-adapters.`,
        )
      }
      for (const [path, saved] of adapters) {
        for (const [key, parameter] of namedParameters(layers.get(path)!.adapter)) {
          parameter.assign(saved.get(key)!.value)
        }
      }
      disposeParameters(adapters.map(([, saved]) => [...saved.values()]))
    },
  }
}
