import { type ConfigSchema, checkGivenFields, type JsonSchema, jsonSchemaOf, parseConfig } from './config.ts'
import { HeddleError, isHeddleError } from './errors.ts'
import { suggest } from './nearest.ts'
import { show } from './show.ts'

/**
 * A named, described, configurable way to make a `T`.
 *
 * `name` is plain for first-party parts (`lstm`) and scoped for third-party parts (`acme/mamba`). When the shape of the config
 * changes, raise `version` and let `upgrade` turn an older config into a current one, so that saved models stay readable.
 */
export interface Definition<T, C = unknown, D = unknown> {
  readonly name: string
  /** One line for `--help`, the docs and the playground. */
  readonly summary: string
  readonly config: ConfigSchema<C>
  readonly version?: number
  /**
   * Settings around the part that suit it better than those of a part of another kind would, such as
   * `{ training: { learningRate: 1e-3 } }` for a model. They are defaults: a user's settings go before them.
   */
  readonly suits?: Readonly<Record<string, unknown>>
  upgrade?(config: unknown, from: number): unknown
  create(config: C, deps: D): T
}

/** A definition bound to its extension point. */
export interface Contribution<T = unknown, D = unknown> {
  readonly point: ExtensionPoint<T, D>
  readonly definition: Definition<T, unknown, D>
}

/**
 * A kind of part that plugins can contribute: cells, models, tokenizer parts, optimizers, recipes. A package exports its
 * extension points; `point.of(definition)` makes a contribution to one.
 *
 * @typeParam T what a definition creates
 * @typeParam D second argument of `create`, after the config
 */
export class ExtensionPoint<T, D = unknown> {
  readonly kind: string

  constructor(kind: string) {
    this.kind = kind
  }

  of<C>(definition: Definition<T, C, D>): Contribution<T, D> {
    return { point: this, definition: definition as unknown as Definition<T, unknown, D> }
  }
}

// biome-ignore lint/suspicious/noExplicitAny: a plugin's list mixes contributions to points of any type
export type AnyContribution = Contribution<any, any>

/** A named set of contributions. Plugins are values: nothing is registered by importing a module. */
export interface Plugin {
  readonly name: string
  readonly version?: string
  readonly contributes: readonly AnyContribution[]
}

/** A plugin, nothing (so that `condition && plugin` works), or a nested list of these. */
export type PluginOption = Plugin | false | null | undefined | readonly PluginOption[]

/** A part as data: the name of its definition, its config, and optionally the version of the config. */
export interface PartSpec {
  readonly type: string
  readonly version?: number
  readonly [key: string]: unknown
}

/** Immutable look-up of the contributions of a list of plugins. */
export interface Registry {
  readonly plugins: readonly Plugin[]
  /** @throws HeddleError `unknown-name`, naming the nearest known ones */
  get<T, D>(point: ExtensionPoint<T, D>, name: string): Definition<T, unknown, D>
  list<T, D>(point: ExtensionPoint<T, D>): readonly Definition<T, unknown, D>[]
  /** Returns the plugin that contributes `name`. */
  providerOf<T, D>(point: ExtensionPoint<T, D>, name: string): Plugin
  /** Returns the checked config of a spec: upgraded from older versions, defaults filled in. */
  configOf<T, D>(point: ExtensionPoint<T, D>, spec: PartSpec): unknown
  /**
   * Checks the settings that a spec has, and those of the parts that it names, while required ones may still be missing.
   *
   * @throws HeddleError `config` or `unknown-name`
   */
  checkGiven<T, D>(point: ExtensionPoint<T, D>, spec: PartSpec): void
  /** @throws HeddleError `config` for a wrong spec, `plugin` when the definition itself fails */
  create<T, D>(point: ExtensionPoint<T, D>, spec: PartSpec, deps: D): T
  /** Creates a part, and returns it with its checked config. */
  build<T, D>(point: ExtensionPoint<T, D>, spec: PartSpec, deps: D): { readonly part: T; readonly config: unknown }
}

/**
 * Builds a registry from plugins.
 *
 * Points are compared by `kind`, so that two copies of a package in one program still meet.
 *
 * @throws HeddleError `name-clash` when two plugins contribute the same name to a point, or two plugins share a name
 */
export function createRegistry(plugins: PluginOption): Registry {
  const list = flatten(plugins)
  const points = new Map<string, Map<string, { definition: Definition<unknown>; plugin: Plugin }>>()
  const seen = new Map<string, Plugin>()
  for (const plugin of list) {
    if (seen.has(plugin.name)) {
      throw new HeddleError(
        'name-clash',
        `Registry: plugin '${plugin.name}' is given twice, as two different values. Keep one.`,
      )
    }
    seen.set(plugin.name, plugin)
    for (const { point, definition } of plugin.contributes) {
      const names = points.get(point.kind) ?? new Map()
      points.set(point.kind, names)
      const other = names.get(definition.name)
      if (other !== undefined) {
        throw new HeddleError(
          'name-clash',
          `Registry: ${point.kind} '${definition.name}' comes from plugin '${other.plugin.name}' and from plugin '${plugin.name}'. ` +
            'Leave one of the two out, or give one a scoped name.',
        )
      }
      names.set(definition.name, { definition, plugin })
    }
  }

  function entry(kind: string, name: string) {
    const names = points.get(kind)
    const found = names?.get(name)
    if (found !== undefined) return found
    const install = name.includes('/') ? ` Install and add the plugin that provides '${name}'.` : ''
    throw new HeddleError(
      'unknown-name',
      `Registry: no ${kind} is named ${show(name)}. ${suggest(name, names?.keys() ?? [])}${install}`,
    )
  }

  /** The settings of a spec in the current version, the definition, and a name for messages. */
  function settingsOf<T, D>({ kind }: ExtensionPoint<T, D>, spec: PartSpec) {
    if (typeof spec !== 'object' || spec === null || typeof spec.type !== 'string') {
      throw new HeddleError(
        'config',
        `${kind}: expected an object with a string 'type', got ${show(spec)}. Write { "type": "…", … }.`,
      )
    }
    const { type, version: from = 1, ...config } = spec
    const { definition, plugin } = entry(kind, type)
    const where = `${kind} '${type}'`
    const settings = guarded(where, plugin, 'upgrade', () => upgraded(kind, definition, config, from))
    return { where, schema: definition.config, settings }
  }

  const registry: Registry = {
    plugins: Object.freeze([...list]),
    get: <T, D>(point: ExtensionPoint<T, D>, name: string) =>
      entry(point.kind, name).definition as unknown as Definition<T, unknown, D>,
    list: <T, D>(point: ExtensionPoint<T, D>) =>
      [...(points.get(point.kind)?.values() ?? [])].map(
        ({ definition }) => definition as unknown as Definition<T, unknown, D>,
      ),
    providerOf: (point, name) => entry(point.kind, name).plugin,
    configOf(point, spec) {
      const { where, schema, settings } = settingsOf(point, spec)
      return parseConfig(where, schema, settings)
    },
    checkGiven(point, spec) {
      const { where, schema, settings } = settingsOf(point, spec)
      if (typeof settings !== 'object' || settings === null) return
      checkGivenFields(where, schema, settings)
      for (const { kind, spec: part } of partsNamedIn(settings, jsonSchemaOf(schema))) {
        registry.checkGiven(new ExtensionPoint(kind), part)
      }
    },
    create: (point, spec, deps) => registry.build(point, spec, deps).part,
    build: (point, spec, deps) => {
      const config = registry.configOf(point, spec)
      const { definition, plugin } = entry(point.kind, spec.type)
      const create = () => definition.create(config, deps)
      return { part: guarded(`${point.kind} '${spec.type}'`, plugin, 'create', create) as never, config }
    },
  }
  return Object.freeze(registry)
}

interface NamedPart {
  readonly kind: string
  readonly spec: PartSpec
}

/** The parts that settings name, also in the objects among them. */
function partsNamedIn(settings: object, { properties = {} }: JsonSchema): NamedPart[] {
  return Object.entries(settings).flatMap(([key, value]) => {
    const schema = properties[key]
    if (schema === undefined) return []
    const named = partNamedBy(value, schema)
    if (named !== undefined) return [named]
    return typeof value === 'object' && value !== null ? partsNamedIn(value, schema) : []
  })
}

/** The part that a value names, where the schema says that it does; none for a value that is another alternative of it. */
function partNamedBy(value: unknown, schema: JsonSchema): NamedPart | undefined {
  const alternatives = alternativesOf(schema)
  const kind = alternatives.find(({ part }) => part !== undefined)?.part
  const spec = (typeof value === 'string' ? { type: value } : value) as PartSpec | null
  const isOther = alternatives.some((each) => 'const' in each && each.const === value)
  return kind === undefined || isOther || typeof spec?.type !== 'string' ? undefined : { kind, spec }
}

const alternativesOf = (schema: JsonSchema): JsonSchema[] => [
  schema,
  ...(schema.anyOf ?? schema.oneOf ?? []).flatMap(alternativesOf),
]

/** Runs a plugin's code: an error that is not a HeddleError becomes one that names plugin and part. */
function guarded<T>(where: string, plugin: Plugin, step: string, run: () => T): T {
  try {
    const result = run()
    if (result !== undefined && result !== null) return result
  } catch (cause) {
    if (isHeddleError(cause)) throw cause
    throw new HeddleError(
      'plugin',
      `${where} of plugin '${plugin.name}': expected ${step} to succeed, got ${show(cause, 200)}. Report it to the plugin's author.`,
      { cause },
    )
  }
  throw new HeddleError(
    'plugin',
    `${where} of plugin '${plugin.name}': expected ${step} to return a value, got none. Report it to the plugin's author.`,
  )
}

function upgraded(
  kind: string,
  definition: Definition<unknown, unknown, never>,
  config: unknown,
  from: number,
): unknown {
  const to = definition.version ?? 1
  if (from === to) return config
  if (from > to) {
    throw new HeddleError(
      'config',
      `${kind} '${definition.name}': expected version ${to} or older, got ${from}. Update the package that provides it.`,
    )
  }
  if (definition.upgrade === undefined) {
    throw new HeddleError(
      'config',
      `${kind} '${definition.name}': expected version ${to}, got ${from}, and it has no upgrade. Use the older package.`,
    )
  }
  return definition.upgrade(config, from)
}

function flatten(option: PluginOption): Plugin[] {
  if (option === null || option === undefined || option === false) return []
  if (Array.isArray(option)) return [...new Set((option as PluginOption[]).flatMap(flatten))]
  const plugin = option as Plugin
  if (typeof plugin.name !== 'string' || !Array.isArray(plugin.contributes)) {
    throw new HeddleError(
      'plugin',
      `Registry: expected a plugin { name, contributes }, got ${show(plugin)}. Pass the plugin's exported value.`,
    )
  }
  return [plugin]
}
