import { readFile } from 'node:fs/promises'
import { HeddleError, type JsonSchema, type PartSpec, type Registry, show } from '@heddle/core'
import { type Parameter, type ParameterValues, parseSpace, type Space } from '@heddle/search'
import { checkRecipe, mergeSettings, recipeNamed, recipeSchema } from '@heddle/tasks'
import { parseSettings, typeOfSetting, wholeKey } from '../settings.ts'

/** Settings that all trials of a search share. */
export interface SharedSettings {
  /** Name of the recipe. */
  readonly recipe: string
  readonly preset?: string | undefined
  /** As `--set` has them. */
  readonly set: readonly string[]
}

/** The recipe with the shared settings and the values of a trial, whose keys are those of `--set`. */
export function recipeOfTrial(
  { recipe, preset, set }: SharedSettings,
  values: ParameterValues,
  registry: Registry,
): PartSpec {
  const settings = parsed(recipe, preset, [...set, ...assignments(values)], undefined, registry)
  return { type: recipe, ...(preset !== undefined && { preset }), ...settings }
}

/** The recipe of a study with the values of a trial. */
export function recipeWithValues(recipe: PartSpec, values: ParameterValues, registry: Registry): PartSpec {
  const { type, preset, model } = recipe
  const ofModel = typeof model === 'string' ? model : (model as PartSpec | undefined)?.type
  const settings = parsed(type, preset as string | undefined, assignments(values), ofModel, registry)
  return mergeSettings(recipe, settings) as PartSpec
}

/** The values as `key=value`. */
function assignments(values: ParameterValues): string[] {
  // A part goes before the settings in it.
  const depth = (key: string) => key.split('.').length
  const keys = Object.keys(values).sort((a, b) => depth(a) - depth(b))
  return keys.map((key) => `${key}=${textOf(values[key])}`)
}

function parsed(
  recipe: string,
  preset: string | undefined,
  set: readonly string[],
  standardModel: string | undefined,
  registry: Registry,
): Record<string, unknown> {
  return parseSettings(set, schemaOf(recipe, preset, set, standardModel, registry))
}

function schemaOf(
  recipe: string,
  preset: string | undefined,
  set: readonly string[],
  standardModel: string | undefined,
  registry: Registry,
): JsonSchema {
  const model = typeOfSetting(set, 'model.type') ?? typeOfSetting(set, 'model') ?? standardModel
  return recipeSchema(registry, recipeNamed(registry, recipe), { preset, model })
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

/**
 * Reads a space file and checks each parameter against the settings of the recipe, by the ends of its range or all of its values.
 *
 * @throws HeddleError `usage` or `config`, listing all mistakes
 */
export async function readSpace(path: string, shared: SharedSettings, registry: Registry): Promise<Space> {
  const space = parseSpace(path, await readJsonFile(path))
  // Mistakes of what is shared are none of the space.
  checkRecipe(registry, recipeOfTrial(shared, {}, registry))
  const first = Object.fromEntries(Object.entries(space).map(([name, parameter]) => [name, samplesOf(parameter)[0]]))
  const mistakes = new Set<string>()
  const mistakeOf = (values: ParameterValues): string | undefined => {
    try {
      checkRecipe(registry, recipeOfTrial(shared, values, registry))
      return undefined
    } catch (error) {
      if (!(error instanceof HeddleError)) throw error
      return error.message.replace(/^(--set( \S+)?|recipe '[^']*'): /, '')
    }
  }
  for (const [name, parameter] of Object.entries(space)) {
    // A part that is searched for decides which settings there are.
    const parts = Object.keys(first).filter((key) => name !== key && (key === 'model' || name.startsWith(`${key}.`)))
    const beside = Object.fromEntries(parts.map((key) => [key, first[key]]))
    const own = samplesOf(parameter).map((value) => mistakeOf({ ...beside, [name]: value }))
    for (const mistake of own) if (mistake !== undefined) mistakes.add(`'${name}': ${mistake}`)
    if (own.some((mistake) => mistake !== undefined)) continue
    const [value] = samplesOf(parameter)
    for (const key of parts) {
      for (const other of samplesOf(space[key]!).slice(1)) {
        if (mistakeOf({ ...beside, [key]: other }) !== undefined) continue
        const mistake = mistakeOf({ ...beside, [key]: other, [name]: value })
        if (mistake === undefined) continue
        mistakes.add(
          `'${name}': expected a setting that there is with each choice of '${key}', got none with ${textOf(other)}: ${mistake} Write the setting into the choices of '${key}' that have it, as in { "type": …, … }.`,
        )
      }
    }
  }
  for (const mistake of mistakes.size === 0 ? repeated(space, shared, first, registry) : []) mistakes.add(mistake)
  if (mistakes.size > 0) throw new HeddleError('config', `${path}: ${[...mistakes].join(' ')}`)
  return space
}

/** Mistakes of parameters that are one setting by two names, of which one would win. */
function repeated(
  space: Space,
  { recipe, preset, set }: SharedSettings,
  values: ParameterValues,
  registry: Registry,
): readonly string[] {
  const schema = schemaOf(recipe, preset, [...set, ...assignments(values)], undefined, registry)
  const first = new Map<string, string>()
  return Object.keys(space).flatMap((name) => {
    const key = wholeKey(name, schema)
    const other = first.get(key)
    if (other !== undefined) return [`expected each setting once, got '${other}' and '${name}', which are one.`]
    first.set(key, name)
    return []
  })
}

/** The ends of a range and a value in it, or all choices. */
function samplesOf(parameter: Parameter): readonly unknown[] {
  if (parameter.type === 'choice') return parameter.values
  const { type, low, high } = parameter
  // A real number shows that the setting does not take integers only.
  return type === 'integer' ? [low, high] : [low, high, low + (high - low) / Math.E]
}

async function readJsonFile(path: string): Promise<unknown> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'none' : (cause as Error).message
    throw new HeddleError('file', `--space: expected a JSON file at ${path}, got ${reason}. Check the path.`, { cause })
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (cause) {
    throw new HeddleError(
      'format',
      `--space: expected JSON in ${path}, got ${show(text)} (${(cause as Error).message}). Write { "training.learningRate": { "type": "log-uniform", "low": 1e-4, "high": 0.1 } }.`,
      {
        cause,
      },
    )
  }
}
