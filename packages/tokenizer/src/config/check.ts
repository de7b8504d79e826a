/** JSON Schema of the keywords that `check` knows. */
export interface Keywords {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Keywords[]
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly properties?: Readonly<Record<string, Keywords>>
  readonly required?: readonly string[]
  readonly propertyNames?: Keywords
  readonly additionalProperties?: false | Keywords
  readonly items?: false | Keywords
  readonly prefixItems?: readonly Keywords[]
  readonly minItems?: number
  readonly maxItems?: number
}

interface Issue {
  readonly message: string
  readonly path: string[]
}

/**
 * Checks a value against a JSON Schema, and fills in the defaults.
 *
 * @param issues list to which problems are added, each with its place
 * @returns the value with defaults; without meaning if there are issues
 */
export function check(schema: Keywords, value: unknown, path: string[], issues: Issue[]): unknown {
  const fail = (message: string) => {
    issues.push({ message, path: [...path] })
    return value
  }
  if (schema.anyOf !== undefined) return checkAnyOf(schema.anyOf, value, path, issues)
  const types = schema.type === undefined ? [] : [schema.type].flat()
  if (types.length > 0 && !types.some((type) => isOf(type, value))) {
    return fail(`expected ${types.join(' or ')}`)
  }
  const options = schema.enum
  if (options !== undefined && !options.includes(value)) {
    return fail(`expected ${nameOf(schema)}`)
  }
  const { minimum, maximum, exclusiveMinimum: above, exclusiveMaximum: below, minLength, maxLength } = schema
  if (typeof value === 'number') {
    if (minimum !== undefined && value < minimum) return fail(`too small: expected at least ${minimum}`)
    if (maximum !== undefined && value > maximum) return fail(`too big: expected at most ${maximum}`)
    if (above !== undefined && value <= above) return fail(`too small: expected more than ${above}`)
    if (below !== undefined && value >= below) return fail(`too big: expected less than ${below}`)
  }
  if (typeof value === 'string') {
    const { length } = value
    if (minLength !== undefined && length < minLength)
      return fail(`too short: expected a length of at least ${minLength}`)
    if (maxLength !== undefined && length > maxLength)
      return fail(`too long: expected a length of at most ${maxLength}`)
  }
  if (Array.isArray(value)) {
    const { items, prefixItems = [] } = schema
    // Vocabularies are long.
    if (items === undefined) return value
    if (items === false && value.length !== prefixItems.length) return fail(`expected ${prefixItems.length} values`)
    return value.map((item: unknown, i) => checkAt(String(i), prefixItems[i] ?? (items || {}), item, path, issues))
  }
  return types.includes('object')
    ? checkObject(schema, value as Readonly<Record<string, unknown>>, path, issues)
    : value
}

/** The first option that fits. If none does, the problems are those of the only one of the value's kind. */
function checkAnyOf(options: readonly Keywords[], value: unknown, path: string[], issues: Issue[]): unknown {
  const near: Issue[][] = []
  for (const option of options) {
    const problems: Issue[] = []
    const checked = check(option, value, path, problems)
    if (problems.length === 0) return checked
    const { type, required = [] } = option
    const isNear = typeof value === 'object' && value !== null && required.every((key) => Object.hasOwn(value, key))
    if (type === 'object' && isNear) near.push(problems)
  }
  const named = options.filter(({ type }) => type !== 'null')
  if (near.length === 1) issues.push(...near[0]!)
  else if (named.length === 1) check(named[0]!, value, path, issues)
  else issues.push({ message: `expected ${named.map(nameOf).join(' or ')}`, path: [...path] })
  return value
}

function checkAt(key: string, schema: Keywords, value: unknown, path: string[], issues: Issue[]): unknown {
  path.push(key)
  const checked = check(schema, value, path, issues)
  path.pop()
  return checked
}

function nameOf({ type, enum: options, required = [], anyOf = [] }: Keywords): string {
  if (anyOf.length > 0) return anyOf.map(nameOf).join(' or ')
  if (options !== undefined)
    return `${options.length > 1 ? 'one of ' : ''}${options.map((option) => JSON.stringify(option)).join(', ')}`
  if (type === undefined) return 'a value'
  return [type].flat().join(' or ') + (required.length > 0 ? ` with ${required.join(' and ')}` : '')
}

function checkObject(
  { properties = {}, required = [], additionalProperties: others }: Keywords,
  value: Readonly<Record<string, unknown>>,
  path: string[],
  issues: Issue[],
): Record<string, unknown> {
  const checked: [string, unknown][] = []
  for (const [key, schema] of Object.entries(properties)) {
    // An undefined value of an options object is as good as none.
    const given = Object.hasOwn(value, key) ? value[key] : undefined
    if (given !== undefined) checked.push([key, checkAt(key, schema, given, path, issues)])
    else if (required.includes(key)) issues.push({ message: `expected ${nameOf(schema)}`, path: [...path, key] })
    else if ('default' in schema) checked.push([key, schema.default])
  }
  for (const [key, inner] of Object.entries(value)) {
    if (Object.hasOwn(properties, key)) continue
    if (others === false) issues.push({ message: `expected no key ${JSON.stringify(key)}`, path: [...path] })
    else if (others !== undefined) checked.push([key, checkAt(key, others, inner, path, issues)])
  }
  return Object.fromEntries(checked)
}

function isOf(type: string, value: unknown): boolean {
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value)
  if (type === 'integer') return Number.isSafeInteger(value)
  if (type === 'number') return Number.isFinite(value)
  return typeof value === type
}
