import {
  type ExtensionPoint,
  HeddleError,
  type JsonSchema,
  jsonSchemaOf,
  type PartSpec,
  type Registry,
  show,
} from '@heddle/core'

/** Parts may be nested this deep. */
const MOST_NESTED = 100

/** The keys of the Sequence parts for the parts in them. */
const LISTS = ['normalizers', 'pretokenizers', 'processors', 'decoders']

/** Types of parts in files that do not name them: the first type with one of whose keys the part has. */
export type TypesByKey = readonly (readonly [key: string, type: string])[]

/**
 * A part of tokenizer.json as its definition expects it. Older files leave the types of parts out, name flags without a value (`null`), and
 * have further keys, which the Rust library ignores.
 *
 * @param place place in the file, for messages
 * @param warn takes a message for each unknown key
 */
export function tolerantPart(
  registry: Registry,
  // biome-ignore lint/suspicious/noExplicitAny: points of all kinds of parts
  point: ExtensionPoint<any, any>,
  part: Readonly<Record<string, unknown>>,
  types: TypesByKey,
  place: string,
  warn: (message: string) => void,
  depth = 0,
): PartSpec {
  if (depth > MOST_NESTED) {
    throw new HeddleError('format', `expected at most ${MOST_NESTED} nested parts, got more. Remove the outer ones.`)
  }
  const type = part['type'] ?? types.find(([key]) => key in part)?.[1]
  if (typeof type !== 'string') {
    throw new HeddleError('format', `expected a part with a type, got ${show(part)}. Add its type.`)
  }
  const spec: Record<string, unknown> & { type: string } = { type }
  const known = propertiesOf(registry, point, type)
  for (const [key, value] of Object.entries(part)) {
    if (key === 'type') continue
    const schema = known?.[key]
    if (known !== undefined && schema === undefined && key !== 'version') {
      warn(`tokenizer.json, ${place}: ignores the unknown key ${show(key)} of ${type}.`)
    } else if (value === null && schema !== undefined && !takesNull(schema)) {
      // Without a value the default holds.
    } else if (LISTS.includes(key) && Array.isArray(value)) {
      spec[key] = value.map((inner: unknown, i) =>
        typeof inner === 'object' && inner !== null
          ? tolerantPart(
              registry,
              point,
              inner as Record<string, unknown>,
              types,
              `${place}.${key}[${i}]`,
              warn,
              depth + 1,
            )
          : inner,
      )
    } else spec[key] = value
  }
  return spec
}

// biome-ignore lint/suspicious/noExplicitAny: points of all kinds of parts
function propertiesOf(registry: Registry, point: ExtensionPoint<any, any>, type: string) {
  const definition = registry.list(point).find(({ name }) => name === type)
  const schema = definition === undefined ? undefined : jsonSchemaOf(definition.config)
  return schema?.['additionalProperties'] === false ? (schema.properties ?? {}) : undefined
}

function takesNull(schema: JsonSchema): boolean {
  const types = schema.type === undefined ? [] : [schema.type].flat()
  if (types.includes('null')) return true
  const options = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]
  if (options.length > 0) return options.some(takesNull)
  // A schema without a type takes anything.
  return types.length === 0 && schema.enum === undefined && schema.const === undefined
}
