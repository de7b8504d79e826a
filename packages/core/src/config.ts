import { HeddleError } from './errors.ts'
import { nearestNames, suggest } from './nearest.ts'
import { show } from './show.ts'

/** The part of JSON Schema that Heddle reads, to make command-line options and forms and to name the known keys. */
export interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  /** Kind of the parts that the value may name: 'cell'. */
  readonly part?: string
  readonly [key: string]: unknown
}

/** Number of issues that one message lists. */
const MOST_ISSUES = 20

interface Issue {
  readonly message: string
  readonly path?: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }> | undefined
}

/**
 * Schema that describes and checks a configuration: any schema with Standard Schema and Standard JSON Schema. First-party code
 * uses zod, or in `@heddle/tokenizer` a smaller builder. A plugin may use another library.
 *
 * @see https://standardschema.dev
 */
export interface ConfigSchema<C> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (
      value: unknown,
    ) =>
      | { readonly value: C; readonly issues?: undefined }
      | { readonly issues: ReadonlyArray<Issue> }
      | Promise<{ readonly value: C; readonly issues?: undefined } | { readonly issues: ReadonlyArray<Issue> }>
    readonly jsonSchema: { readonly input: (options: { target: 'draft-2020-12' }) => Record<string, unknown> }
    readonly types?: { readonly input: unknown; readonly output: C } | undefined
  }
}

/** Returns the JSON Schema of a configuration as users write it, before defaults are filled in. */
export function jsonSchemaOf(schema: ConfigSchema<unknown>): JsonSchema {
  return schema['~standard'].jsonSchema.input({ target: 'draft-2020-12' })
}

/**
 * Checks `value` and fills in defaults.
 *
 * @param where name of the configured part, for messages (`lstm`, `recipe translate`)
 * @throws HeddleError `config`, listing the issues and, for an unknown key, the nearest known one
 */
export function parseConfig<C>(where: string, schema: ConfigSchema<C>, value: unknown): C {
  const result = schema['~standard'].validate(value)
  if (result instanceof Promise) {
    throw new HeddleError(
      'config',
      `${where}: expected a synchronous config schema, got an asynchronous one. Remove asynchronous refinements.`,
    )
  }
  if (result.issues === undefined) return result.value
  throw configError(where, schema, value, result.issues)
}

/**
 * Checks the fields that `value` has, while required ones may still be missing.
 *
 * @throws HeddleError `config`, as {@link parseConfig}
 */
export function checkGivenFields(where: string, schema: ConfigSchema<unknown>, value: object): void {
  const result = schema['~standard'].validate(value)
  if (result instanceof Promise || result.issues === undefined) return
  const issues = result.issues.filter(({ path = [] }) => {
    const [field] = path.map((part) => (typeof part === 'object' ? part.key : part))
    return field === undefined || Object.hasOwn(value, field)
  })
  if (issues.length > 0) throw configError(where, schema, value, issues)
}

function configError(
  where: string,
  schema: ConfigSchema<unknown>,
  value: unknown,
  issues: readonly Issue[],
): HeddleError {
  const known = jsonSchemaOf(schema)
  const unknownKeys = unknownKeysIn(value, known)
  const lines = unknownKeys.map(
    ({ path, key, siblings }) => `unknown key '${shortened([...path, key].join('.'))}'. ${suggest(key, siblings)}`,
  )
  for (const issue of issues) {
    const path = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part))
    const place = path.join('.')
    // The schema's own message about keys that are named already.
    if (unknownKeys.some((unknown) => unknown.path.join('.') === place && issue.message.includes(unknown.key))) continue
    const got = path.reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value)
    const choices = choicesIn(issue.message)
    if (choices.length > 0) {
      const near = typeof got === 'string' ? nearestNames(got, choices) : []
      const hint = near.length > 0 ? ` Did you mean ${quoted(near)}?` : ''
      lines.push(`'${shortened(place)}': expected one of ${quoted(choices)}, got ${show(got)}.${hint}`)
      continue
    }
    lines.push(`${path.length > 0 ? `'${shortened(place)}': ` : ''}${problemOf(issue.message)}, got ${show(got)}.`)
  }
  const more = lines.length > MOST_ISSUES ? ` … and ${lines.length - MOST_ISSUES} more.` : ''
  return new HeddleError('config', `${where}: ${lines.slice(0, MOST_ISSUES).join(' ')}${more}`)
}

interface UnknownKey {
  readonly path: readonly string[]
  readonly key: string
  readonly siblings: readonly string[]
}

function unknownKeysIn(value: unknown, schema: JsonSchema, path: readonly string[] = []): UnknownKey[] {
  if (typeof value !== 'object' || value === null) return []
  const { items } = schema
  if (Array.isArray(value)) {
    return items === undefined ? [] : value.flatMap((inner, i) => unknownKeysIn(inner, items, [...path, String(i)]))
  }
  if (schema.properties === undefined) return []
  const properties = schema.properties
  return Object.entries(value).flatMap(([key, inner]) => {
    if (Object.hasOwn(properties, key)) return unknownKeysIn(inner, properties[key]!, [...path, key])
    return schema['additionalProperties'] === false ? [{ path, key, siblings: Object.keys(properties) }] : []
  })
}

/** The values that zod lists for a field that decides between objects. */
const choicesIn = (message: string): string[] =>
  /^invalid discriminator value/i.test(message) ? [...message.matchAll(/'([^']+)'/g)].map(([, choice]) => choice!) : []

/** A schema's message as `expected …`, without the value, which `show` writes. */
function problemOf(message: string): string {
  const problem = shortened(lowerFirst(message.replace(/, received \w+$/, '')), 300)
  return problem.includes('expected') ? problem : `${problem}: expected another value`
}

const quoted = (names: readonly string[]) => names.map((name) => `'${name}'`).join(', ')
const shortened = (text: string, most = 100) => (text.length > most ? `${text.slice(0, most)}…` : text)
const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1)
