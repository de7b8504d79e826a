import { HeddleError, type JsonSchema, show, suggest } from '@heddle/core'

/**
 * The settings that `--set key=value …` describes, typed by the recipe's JSON schema. Dots lead into sections and parts:
 * `training.steps=500`, `model.hiddenSize=128`. A key without its section finds its place where that is unambiguous.
 *
 * @throws HeddleError `usage` for anything but key=value, an unknown or ambiguous key, or a value of the wrong type
 */
export function parseSettings(settings: readonly string[], schema: JsonSchema): Record<string, unknown> {
  const config: Record<string, unknown> = {}
  for (const setting of settings) {
    const [key, value] = keyAndValue(setting)
    assign(config, placeOf(key.split('.'), schema), value, schema)
  }
  return config
}

/** The last value that `--set` gives a key, as text. */
function settingOf(settings: readonly string[], key: string): string | undefined {
  return settings.map(keyAndValue).findLast(([name]) => name === key)?.[1]
}

/** The type of the part that `--set` gives a key: its name, or that in its JSON. */
export function typeOfSetting(settings: readonly string[], key: string): string | undefined {
  const text = settingOf(settings, key)
  if (text?.trimStart().startsWith('{') !== true) return text
  const { type } = (jsonOr(text, {}) ?? {}) as { type?: unknown }
  return typeof type === 'string' ? type : undefined
}

function keyAndValue(setting: string): [key: string, value: string] {
  const cut = setting.indexOf('=')
  if (cut < 1) {
    throw new HeddleError('usage', `--set: expected key=value, got ${show(setting)}. Write --set training.steps=100.`)
  }
  return [setting.slice(0, cut), setting.slice(cut + 1)]
}

/**
 * The whole name of a key of `--set`, with its section: `training.steps` for `steps`.
 *
 * @throws HeddleError `usage` for an unknown or ambiguous key
 */
export const wholeKey = (key: string, schema: JsonSchema): string => placeOf(key.split('.'), schema).join('.')

/** The whole path of a key: as it stands, or with the sections that lead to it. */
function placeOf(path: readonly string[], schema: JsonSchema): readonly string[] {
  const [first] = path
  if (fieldOf(schema, first!) !== undefined) return path
  const places = placesOf(first!, schema)
  const depth = Math.min(...places.map((place) => place.length))
  const nearest = places.filter((place) => place.length === depth)
  if (nearest.length === 1) return [...nearest[0]!, ...path.slice(1)]
  if (nearest.length > 1) {
    const names = nearest.map((place) => [...place, ...path.slice(1)].join('.'))
    throw new HeddleError('usage', `--set: '${path.join('.')}' is ambiguous. Write ${names.join(' or ')}.`)
  }
  throw new HeddleError('usage', `--set: unknown key '${first}'. ${suggest(first!, keysOf(schema))}`)
}

function placesOf(key: string, schema: JsonSchema): string[][] {
  return sectionsOf(schema).flatMap(([name, section]) => [
    ...(fieldOf(section, key) === undefined ? [] : [[name, key]]),
    ...placesOf(key, section).map((place) => [name, ...place]),
  ])
}

/** Every key of the schema, those of sections with and without their section. */
function keysOf(schema: JsonSchema): string[] {
  const own = alternatives(schema).flatMap(({ properties = {} }) => Object.keys(properties))
  return [...own, ...sectionsOf(schema).flatMap(([, section]) => keysOf(section))]
}

const sectionsOf = (schema: JsonSchema): [string, JsonSchema][] =>
  alternatives(schema).flatMap(({ properties = {} }) =>
    Object.entries(properties).filter(([, field]) => alternatives(field).some(({ properties: inner }) => inner)),
  )

function assign(config: Record<string, unknown>, path: readonly string[], text: string, schema: JsonSchema): void {
  let target = config
  let at: JsonSchema | undefined = schema
  for (const [depth, key] of path.entries()) {
    const next = fieldOf(at, key)
    if (next === undefined && at !== undefined && isClosed(at)) {
      const name = path.slice(0, depth + 1).join('.')
      throw new HeddleError('usage', `--set: unknown key '${name}'. ${suggest(key, keysOf(at))}`)
    }
    if (depth === path.length - 1) {
      target[key] = typed(path.join('.'), text, next)
      return
    }
    const before = target[key]
    // A part that was given by name keeps it.
    if (!isObject(before)) target[key] = typeof before === 'string' ? { type: before } : {}
    target = target[key] as Record<string, unknown>
    at = next
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whether keys that the schema does not name are errors. */
function isClosed(schema: JsonSchema): boolean {
  const objects = alternatives(schema).filter(({ properties }) => properties !== undefined)
  return objects.length > 0 && objects.every((each) => each['additionalProperties'] === false)
}

function alternatives(schema: JsonSchema): readonly JsonSchema[] {
  const inner = schema.anyOf ?? schema.oneOf
  return inner === undefined ? [schema] : inner.flatMap(alternatives)
}

function fieldOf(schema: JsonSchema | undefined, key: string): JsonSchema | undefined {
  if (schema === undefined) return undefined
  for (const alternative of alternatives(schema)) {
    const field = alternative.properties && Object.hasOwn(alternative.properties, key) && alternative.properties[key]
    if (field) return field
  }
  return undefined
}

/** The text as the first type of the schema that it can be; without a schema as JSON, or else as it stands. */
function typed(name: string, text: string, schema: JsonSchema | undefined): unknown {
  if (schema === undefined) return jsonOr(text, text)
  const types = alternatives(schema).flatMap(({ type, enum: values }) => type ?? (values ? 'string' : []))
  const order = ['null', 'boolean', 'integer', 'number', 'object', 'array', 'string']
  for (const type of order.filter((candidate) => types.includes(candidate))) {
    const value = convert(text, type)
    if (value !== undefined) return value
  }
  throw new HeddleError(
    'usage',
    `--set ${name}: expected ${types.join(' or ')}, got ${show(text)}.${schema.description ? ` It is: ${schema.description}.` : ''}`,
  )
}

function convert(text: string, type: string): unknown {
  switch (type) {
    case 'null':
      return text === 'null' ? null : undefined
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined
    case 'integer':
    case 'number': {
      const value = Number(text)
      const fits = text.trim() !== '' && Number.isFinite(value) && (type === 'number' || Number.isInteger(value))
      return fits ? value : undefined
    }
    case 'object':
    case 'array': {
      const value = jsonOr(text, undefined)
      return (type === 'array' ? Array.isArray(value) : isObject(value)) ? value : undefined
    }
    default:
      return text
  }
}

function jsonOr(text: string, otherwise: unknown): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return otherwise
  }
}
