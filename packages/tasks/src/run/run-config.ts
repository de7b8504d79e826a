import { ExtensionPoint, HeddleError, type PartSpec, parseConfig, type Registry, show } from '@heddle/core'
import type { RunStore } from '@heddle/trainer'
import * as z from 'zod'
import type { Settings } from '../task/settings.ts'
import { readJson, writeJson } from './json-file.ts'
import type { UsedPart, UsedPlugin } from './used-parts.ts'

const FILE = 'config.json'
const FORMAT = 1

const part = z.looseObject({ type: z.string() })
const origin = { name: z.string(), sha256: z.string(), paths: z.array(z.string()).optional() }

const schema = z.strictObject({
  format: z.literal(FORMAT),
  recipe: z
    .strictObject({ name: z.string(), preset: z.string().optional(), data: z.record(z.string(), z.unknown()) })
    .nullable(),
  seed: z.int().min(0).nullable(),
  data: z
    .strictObject({
      ...origin,
      validation: z.strictObject(origin).optional(),
      test: z.strictObject(origin).optional(),
    })
    .nullable(),
  from: z
    .strictObject({
      name: z.string(),
      base: z.string().optional(),
      mergedAdapters: z.boolean().optional(),
      weights: z.array(z.string()).optional(),
      againstScratch: z.boolean().optional(),
    })
    .optional(),
  vectors: z.strictObject({ name: z.string() }).optional(),
  targetVectors: z.strictObject({ name: z.string() }).optional(),
  task: part,
  model: part,
  parts: z.array(z.strictObject({ kind: z.string(), name: z.string(), plugin: z.string() })),
  plugins: z.array(z.strictObject({ name: z.string(), version: z.string().optional() })),
})

/** Given data: enough to find them again, and to tell whether they are still the same. */
export interface DataOrigin {
  readonly name: string
  /** The `fingerprint` of the contents. */
  readonly sha256: string
  /** Files and folders as they were given to the command. */
  readonly paths?: readonly string[] | undefined
}

/** Given data of a run, with those of the held-out parts that were given by themselves. */
export interface GivenOrigin extends DataOrigin {
  readonly validation?: DataOrigin | undefined
  readonly test?: DataOrigin | undefined
}

/** Origin of a run's examples. */
export interface Provenance {
  /** The recipe, its preset if one was named, and the settings of its data; null for a task that is trained from code. */
  readonly recipe: { readonly name: string; readonly preset?: string | undefined; readonly data: Settings } | null
  readonly seed: number | null
  /** The given data; null for built-in data, or examples from code. */
  readonly data: GivenOrigin | null
  /** The file of pre-trained word vectors that the run started with. */
  readonly vectors?: { readonly name: string } | undefined
  /** The one for the words that the model writes. */
  readonly targetVectors?: { readonly name: string } | undefined
  /** The run or checkpoint that this run started from. */
  readonly from?:
    | {
        readonly name: string
        /** The base model, where the name is that of adapters. */
        readonly base?: string | undefined
        /** Whether the adapters were merged into its weights. */
        readonly mergedAdapters?: boolean | undefined
        /** Paths of the weights that it took over, where not all. */
        readonly weights?: readonly string[] | undefined
        /** Whether the same network is trained from random weights too, where the recipe's default does not count. */
        readonly againstScratch?: boolean | undefined
      }
    | undefined
}

/** Content of a run's `config.json`: enough to build the task again, and to name the parts that are missing. */
export interface RunConfig extends Provenance {
  readonly format: typeof FORMAT
  /** The task with all of its settings. */
  readonly task: PartSpec
  /** The model with all of its settings. */
  readonly model: PartSpec
  readonly parts: readonly UsedPart[]
  readonly plugins: readonly UsedPlugin[]
}

export async function writeRunConfig(store: RunStore, config: Omit<RunConfig, 'format'>): Promise<void> {
  await writeJson(store, FILE, { format: FORMAT, ...config })
}

/**
 * Reads and checks `config.json`, and that the registry has every part that the run needs.
 *
 * @param where the run, for messages
 * @throws HeddleError `file`, `format`, `config`, or `plugin`, which names each missing part and the plugin that provided it
 */
export async function readRunConfig(
  store: Pick<RunStore, 'read'>,
  registry: Registry,
  where: string,
): Promise<RunConfig> {
  const value = await readJson(store, FILE, where)
  const format = (value as { format?: unknown } | null)?.format
  if (typeof format === 'number' && format > FORMAT) {
    throw new HeddleError(
      'format',
      `${where}: expected a run of format ${FORMAT} or older, got ${show(format)}. Update Heddle.`,
    )
  }
  if (typeof value === 'object' && value !== null && 'model_type' in value && !('recipe' in value)) {
    throw new HeddleError(
      'format',
      `${where}: expected a run of Heddle, got a folder in transformers' layout. Make a run of it with heddle train <recipe> --from ${where}.`,
    )
  }
  const config = parseConfig(`${where}/${FILE}`, schema, value) as RunConfig
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
