import type { JsonSchema } from '@heddle/core'

/** Paths of the settings in a schema that have no description. A group of settings is described by those in it. */
export function undescribed(schema: JsonSchema, path = ''): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, field]) => {
    const groups = alternatives(field).filter(isGroup)
    const within = groups.flatMap((group) => undescribed(group, `${path}${key}.`))
    const isDescribed = groups.length > 0 || alternatives(field).some(({ description }) => /\S/.test(description ?? ''))
    return isDescribed ? within : [`${path}${key}`]
  })
}

/** The schema itself, and those among which a value may choose. */
const alternatives = (schema: JsonSchema): JsonSchema[] => [
  schema,
  ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap(alternatives),
]

/** Whether a schema has settings of its own. A part { type, … } is described where it is named; the part describes its settings. */
const isGroup = ({ properties = {} }: JsonSchema) => Object.keys(properties).some((key) => key !== 'type')
