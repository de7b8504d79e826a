import { ExtensionPoint, HeddleError, type PartSpec, parseConfig, type Registry, show } from '@heddle/core'
import type { RunStore } from '@heddle/trainer'
import * as z from 'zod'

const FILE = 'config.json'
const FORMAT = 1

const part = z.looseObject({ type: z.string() })

const schema = z.strictObject({
  format: z.literal(FORMAT),
  model: part,
  recipe: part,
  seed: z.int().min(0),
  data: z.strictObject({ name: z.string(), sha256: z.string() }).nullable(),
  files: z.array(z.string()),
  parts: z.array(z.strictObject({ kind: z.string(), name: z.string(), plugin: z.string() })),
  plugins: z.array(z.strictObject({ name: z.string(), version: z.string().optional() })),
})

/** What a run's `config.json` holds: enough to build the model and the recipe again, and to say what is missing. */
export interface RunConfig {
  readonly format: typeof FORMAT
  readonly model: PartSpec
  readonly recipe: PartSpec
  readonly seed: number
  /** The data that were given; null for the recipe's built-in data. */
  readonly data: { readonly name: string; readonly sha256: string } | null
  /** The recipe's own files beside this one: tokenizers and the like. */
  readonly files: readonly string[]
  /** Every named part that was built, with the plugin that it came from. */
  readonly parts: readonly UsedPart[]
  readonly plugins: readonly { readonly name: string; readonly version?: string | undefined }[]
}

export interface UsedPart {
  readonly kind: string
  readonly name: string
  readonly plugin: string
}

export async function writeRunConfig(store: RunStore, config: RunConfig): Promise<void> {
  await writeJson(store, FILE, config)
}

export async function writeJson(store: RunStore, path: string, value: unknown): Promise<void> {
  await store.write(path, new TextEncoder().encode(`${JSON.stringify(value, undefined, 2)}\n`))
}

/**
 * A JSON file of a run.
 *
 * @throws HeddleError `file` when it is missing, `format` when it is not JSON
 */
export async function readJson(store: RunStore, path: string, where: string): Promise<unknown> {
  const bytes = await store.read(path)
  if (bytes === undefined) {
    throw new HeddleError(
      'file',
      `${where}: expected a run with the file ${path}, got none. Name a folder that 'heddle train' made.`,
    )
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new HeddleError(
      'format',
      `${where}: expected JSON in ${path}, got an error: ${reason}. Train the run again.`,
      {
        cause: error,
      },
    )
  }
}

/**
 * Reads and checks `config.json`, and that the registry has every part that the run needs.
 *
 * @throws HeddleError `plugin`, naming each missing part and the plugin that provided it
 */
export async function readRunConfig(store: RunStore, registry: Registry, where: string): Promise<RunConfig> {
  const value = await readJson(store, FILE, where)
  const format = (value as { format?: unknown } | null)?.format
  if (typeof format === 'number' && format > FORMAT) {
    throw new HeddleError(
      'format',
      `${where}: expected a run of format ${FORMAT} or older, got ${show(format)}. Update Heddle.`,
    )
  }
  const config = parseConfig(`${where}/${FILE}`, schema, value) as RunConfig
  for (const name of config.files) {
    if (name !== name.replace(/[^\w.-]/g, '') || name.startsWith('.')) {
      throw new HeddleError('format', `${where}/${FILE}: expected plain file names in 'files', got ${show(name)}.`)
    }
  }
  const missing = config.parts.filter(({ kind, name }) => !has(registry, kind, name))
  if (missing.length > 0) {
    const plugins = [...new Set(missing.map(({ plugin }) => plugin))]
    const version = (name: string) => config.plugins.find((plugin) => plugin.name === name)?.version
    throw new HeddleError(
      'plugin',
      `${where}: expected ${missing.map(({ kind, name }) => `${kind} '${name}'`).join(', ')}, provided by ` +
        `${plugins.map((name) => `plugin '${name}'${version(name) ? ` ${version(name)}` : ''}`).join(', ')}, got no such part. ` +
        'Install that package and pass it with --plugin.',
    )
  }
  return config
}

function has(registry: Registry, kind: string, name: string): boolean {
  return registry.list(new ExtensionPoint(kind)).some((definition) => definition.name === name)
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

/** The plugins that the parts come from, with their versions. */
export function pluginsOf(parts: readonly UsedPart[], registry: Registry): RunConfig['plugins'] {
  const names = new Set(parts.map(({ plugin }) => plugin))
  return registry.plugins
    .filter(({ name }) => names.has(name))
    .map(({ name, version }) => ({ name, ...(version !== undefined && { version }) }))
}
