import { HeddleError, type JsonSchema, show, suggest } from '@heddle/core'

/**
 * The config that `--set key=value …` describes, typed by the recipe's JSON schema. Dots lead into objects:
 * `optimizer.weightDecay=0.1` changes that one field of the default optimizer.
 *
 * @throws HeddleError `usage` for what is not key=value, an unknown key, or a value of the wrong type
 */
export function parseSettings(settings: readonly string[], schema: JsonSchema): Record<string, unknown> {
  const config: Record<string, unknown> = {}
  for (const setting of settings) {
    const cut = setting.indexOf('=')
    if (cut < 1) {
      throw new HeddleError('usage', `--set: expected key=value, got ${show(setting)}. Write --set steps=100.`)
    }
    const path = setting.slice(0, cut).split('.')
    assign(config, path, setting.slice(cut + 1), schema)
  }
  return config
}

function assign(config: Record<string, unknown>, path: readonly string[], text: string, schema: JsonSchema): void {
  let target = config
  let at: JsonSchema | undefined = schema
  for (const [depth, key] of path.entries()) {
    const next = fieldOf(at, key)
    if (next === undefined && at?.properties !== undefined && at['additionalProperties'] === false) {
      const name = path.slice(0, depth + 1).join('.')
      throw new HeddleError('usage', `--set: unknown key '${name}'. ${suggest(key, Object.keys(at.properties))}`)
    }
    if (depth === path.length - 1) {
      target[key] = typed(path.join('.'), text, next)
      return
    }
    target[key] ??= isObject(next?.default) ? structuredClone(next.default) : {}
    if (!isObject(target[key])) target[key] = {}
    target = target[key] as Record<string, unknown>
    at = next
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

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
    `--set ${name}: expected ${types.join(' or ')}, got ${show(text)}.${schema.description ? ` It is ${schema.description}.` : ''}`,
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
