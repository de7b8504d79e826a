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

/** A registry that notes which parts are built, and the list of them. */
export function recordingRegistry(registry: Registry): { registry: Registry; used(): UsedPart[] } {
  const used = new Map<string, UsedPart>()
  const recording: Registry = {
    ...registry,
    create(point, spec, deps) {
      const result = registry.create(point, spec, deps)
      const { type: name } = spec
      used.set(`${point.kind} ${name}`, { kind: point.kind, name, plugin: registry.providerOf(point, name).name })
      return result
    },
  }
  return { registry: recording, used: () => [...used.values()] }
}

/** The plugins of the parts, with their versions. */
export function pluginsOf(parts: readonly UsedPart[], registry: Registry): UsedPlugin[] {
  const names = new Set(parts.map(({ plugin }) => plugin))
  return registry.plugins
    .filter(({ name }) => names.has(name))
    .map(({ name, version }) => ({ name, ...(version !== undefined && { version }) }))
}
