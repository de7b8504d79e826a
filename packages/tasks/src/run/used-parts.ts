import type { Registry } from '@heddle/core'

/** A named part of a run, with the plugin that provides it. */
export interface UsedPart {
  readonly kind: string
  readonly name: string
  readonly plugin: string
}

/** A plugin that parts of a run come from. */
export interface UsedPlugin {
  readonly name: string
  readonly version?: string | undefined
}

/** A registry that notes which parts are built. */
export interface RecordingRegistry extends Registry {
  /** Every part that was built, once. */
  used(): UsedPart[]
}

export function recordingRegistry(registry: Registry): RecordingRegistry {
  const used = new Map<string, UsedPart>()
  const recording: RecordingRegistry = {
    ...registry,
    build(point, spec, deps) {
      const built = registry.build(point, spec, deps)
      const { type: name } = spec
      used.set(`${point.kind} ${name}`, { kind: point.kind, name, plugin: registry.providerOf(point, name).name })
      return built
    },
    create: (point, spec, deps) => recording.build(point, spec, deps).part,
    used: () => [...used.values()],
  }
  return recording
}

/** The plugins of the parts, with their versions. */
export function pluginsOf(parts: readonly UsedPart[], registry: Registry): UsedPlugin[] {
  const names = new Set(parts.map(({ plugin }) => plugin))
  return registry.plugins
    .filter(({ name }) => names.has(name))
    .map(({ name, version }) => ({ name, ...(version !== undefined && { version }) }))
}
