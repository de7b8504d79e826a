import type { JsonSchema } from '@heddle/core'

/** Paths of the settings in a schema that have no description, those of nested settings included. */
export function undescribed(schema: JsonSchema, path = ''): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, field]) => {
    const inner = objectIn(field)
    if (inner !== undefined) return undescribed(inner, `${path}${key}.`)
    return isDescribed(field) ? [] : [`${path}${key}`]
  })
}

/** The settings in a field: of the field itself, or of the one among its alternatives that is an object with fields. */
function objectIn(field: JsonSchema): JsonSchema | undefined {
  if (Object.keys(field.properties ?? {}).length === 0) return undefined
  return isPart(field) ? undefined : field
}

/** A part { type, … } is described as a whole; its settings are those of the part. */
const isPart = ({ properties = {} }: JsonSchema) => Object.keys(properties).length === 1 && 'type' in properties

const isDescribed = ({ description, anyOf = [], oneOf = [] }: JsonSchema): boolean =>
  /\S/.test(description ?? '') || [...anyOf, ...oneOf].some(isDescribed)
