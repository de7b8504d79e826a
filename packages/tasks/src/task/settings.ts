import type { ConfigSchema, JsonSchema, PartSpec } from '@heddle/core'
import * as z from 'zod'

/** Settings as one writes them: nested objects and part specs. */
export type Settings = Readonly<Record<string, unknown>>

/** A part by name, or { type, … } with settings of its own. */
export const part = z
  .union([z.string(), z.looseObject({ type: z.string() })])
  .transform((spec): PartSpec => (typeof spec === 'string' ? { type: spec } : spec))

/**
 * Lays settings over others, key by key. A part { type, … } of another type replaces the one below as a whole; without a type,
 * its settings change those of the part below.
 */
export function mergeSettings(below: Settings, above: Settings): Settings {
  const merged: Record<string, unknown> = { ...below }
  for (const [key, value] of Object.entries(above)) {
    if (value !== undefined) merged[key] = mergeValue(merged[key], value)
  }
  return merged
}

function mergeValue(below: unknown, above: unknown): unknown {
  if (typeof above === 'string' && typeOf(below) === above) return below
  if (!isObject(above)) return above
  if (typeof below === 'string') return 'type' in above ? above : { type: below, ...above }
  if (!isObject(below)) return above
  const replaces = 'type' in above && above['type'] !== below['type']
  return replaces ? above : mergeSettings(below, above)
}

const typeOf = (value: unknown) => (isObject(value) ? value['type'] : undefined)

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The schema with other defaults, for validation and for help texts. */
export function withDefaults<C>(schema: ConfigSchema<C>, defaults: Settings): ConfigSchema<C> {
  const { vendor, validate, jsonSchema } = schema['~standard']
  return {
    '~standard': {
      version: 1,
      vendor,
      validate: (value) => validate(isObject(value) ? mergeSettings(defaults, value) : value),
      jsonSchema: { input: (options) => showDefaults(jsonSchema.input(options), defaults) },
    },
  }
}

/** The schema of an object with other defaults. */
export function showDefaults(schema: JsonSchema, defaults: Settings): JsonSchema & Record<string, unknown> {
  const properties: Record<string, JsonSchema> = { ...schema.properties }
  for (const [key, value] of Object.entries(defaults)) {
    const field = properties[key]
    if (field === undefined || value === undefined) continue
    properties[key] =
      field.properties !== undefined && isObject(value) ? showDefaults(field, value) : { ...field, default: value }
  }
  return { ...schema, properties }
}
