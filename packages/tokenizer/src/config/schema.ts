import type { ConfigSchema } from '@heddle/core'
import { check, type Keywords } from './check.ts'

/**
 * Schema of a setting: a JSON Schema with the type that it stands for. The parts of a tokenizer describe their settings with it instead of zod,
 * which is larger than the rest of the code that reads a tokenizer.json.
 *
 * @typeParam T type of a checked value
 * @typeParam Key whether an object may lack the key, before and after checking
 */
export class Schema<T, Key extends 'required' | 'optional' = 'required'> implements ConfigSchema<T> {
  readonly json: Keywords
  /** Whether an object needs the key. */
  readonly isRequired: boolean
  /** Tells `Key` to the type checker. */
  declare readonly key: Key

  constructor(json: Keywords, isRequired = true) {
    this.json = json
    this.isRequired = isRequired
  }

  get '~standard'(): ConfigSchema<T>['~standard'] {
    return {
      version: 1,
      vendor: 'heddle',
      validate: (value) => {
        const issues: { message: string; path: string[] }[] = []
        const checked = check(this.json, value, [], issues)
        return issues.length > 0 ? { issues } : { value: checked as T }
      },
      jsonSchema: { input: () => ({ $schema: 'https://json-schema.org/draft/2020-12/schema', ...this.json }) },
    }
  }

  /** The schema with a value for objects that lack the key. */
  default(value: T): Schema<T> {
    return new Schema({ default: value, ...this.json }, false)
  }

  /** The schema with a meaning for help texts. */
  describe(description: string): Schema<T, Key> {
    return new Schema({ ...this.json, description }, this.isRequired)
  }

  optional(): Schema<T | undefined, 'optional'> {
    return new Schema(this.json, false)
  }

  nullable(): Schema<T | null, Key> {
    const { type } = this.json
    const isPlain = typeof type === 'string' && Object.keys(this.json).length === 1
    return new Schema(isPlain ? { type: [type, 'null'] } : { anyOf: [this.json, { type: 'null' }] }, this.isRequired)
  }

  nullish(): Schema<T | null | undefined, 'optional'> {
    return this.nullable().optional()
  }
}

// biome-ignore lint/suspicious/noExplicitAny: a schema of any type
type AnySchema = Schema<any, 'required' | 'optional'>
type Fields = Readonly<Record<string, AnySchema>>
type KeysOf<F extends Fields, Key> = { [K in keyof F]: F[K]['key'] extends Key ? K : never }[keyof F]

/** Type of a value that a schema has checked. */
export type Output<S extends AnySchema> = S extends Schema<infer T, 'required' | 'optional'> ? T : never

type ObjectOf<F extends Fields> = {
  [K in KeysOf<F, 'required'>]: Output<F[K]>
} & { [K in KeysOf<F, 'optional'>]?: Output<F[K]> }

type Flat<T> = { [K in keyof T]: T[K] }

interface Length {
  readonly minLength?: number
  readonly maxLength?: number
}

interface Range {
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
}

export const boolean = () => new Schema<boolean>({ type: 'boolean' })
export const string = (length: Length = {}) => new Schema<string>({ type: 'string', ...length })
export const number = (range: Range = {}) => new Schema<number>({ type: 'number', ...range })
export const unknown = () => new Schema<unknown>({})

/** A whole number that a double holds exactly. */
export const integer = (minimum: number, maximum: number = Number.MAX_SAFE_INTEGER) =>
  new Schema<number>({ type: 'integer', minimum, maximum })

export const oneOf = <const T extends string>(...values: readonly T[]) =>
  new Schema<T>({ type: 'string', enum: values })

export const array = <T>(items: Schema<T>) => new Schema<T[]>({ type: 'array', items: items.json })

/** A list of fixed length with a schema for each place. */
export const tuple = <T extends readonly unknown[]>(...places: { readonly [I in keyof T]: Schema<T[I]> }) =>
  new Schema<T>({
    type: 'array',
    prefixItems: (places as readonly AnySchema[]).map(({ json }) => json),
    items: false,
    minItems: places.length,
    maxItems: places.length,
  })

/** An object whose keys are data. */
export const record = <T>(values: Schema<T>) =>
  new Schema<Record<string, T>>({
    type: 'object',
    propertyNames: { type: 'string' },
    additionalProperties: values.json,
  })

/** A value that one of the schemas fits; the first one counts. */
export const union = <S extends readonly AnySchema[]>(...schemas: S) =>
  new Schema<Output<S[number]>>({ anyOf: schemas.map(({ json }) => json) })

/** An object whose further keys are an error (`false`), are kept (`{}`) or are removed. */
function objectOf<F extends Fields>(fields: F, additionalProperties?: false | Keywords) {
  const required = Object.keys(fields).filter((key) => fields[key]!.isRequired)
  return new Schema<Flat<ObjectOf<F>>>({
    type: 'object',
    properties: Object.fromEntries(Object.entries(fields).map(([key, { json }]) => [key, json])),
    ...(required.length > 0 && { required }),
    ...(additionalProperties !== undefined && { additionalProperties }),
  })
}

export const strictObject = <F extends Fields>(fields: F) => objectOf(fields, false)
export const object = <F extends Fields>(fields: F) => objectOf(fields)
export const looseObject = <F extends Fields>(fields: F) =>
  objectOf(fields, {}) as Schema<Flat<ObjectOf<F>> & { [key: string]: unknown }>
