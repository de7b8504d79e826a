import { HeddleError, type JsonSchema, jsonSchemaOf, type Registry, show } from '@heddle/core'
import { recipePoint } from '@heddle/recipes'
import type { Output } from '../output.ts'

/** `heddle list`: the recipes; `heddle list <recipe>`: its settings. */
export function listCommand(recipe: string | undefined, registry: Registry, output: Output): void {
  if (recipe === undefined) {
    const recipes = registry.list(recipePoint)
    const width = Math.max(...recipes.map(({ name }) => name.length))
    for (const { name, summary } of recipes) output.line(`${name.padEnd(width)}  ${summary}`)
    output.line()
    output.line("'heddle list <recipe>' shows its settings, 'heddle train <recipe>' trains it.")
    output.result({ command: 'list', recipes: recipes.map(({ name, summary }) => ({ name, summary })) })
    return
  }
  const { name, summary, config } = registry.get(recipePoint, recipe)
  const schema = jsonSchemaOf(config)
  const created = registry.create(recipePoint, { type: name }, undefined)
  output.line(`${name}: ${summary}`)
  output.line(`--data  ${created.dataFormat}`)
  for (const line of settingLines(schema)) output.line(line)
  output.result({
    command: 'list',
    recipe: name,
    summary,
    data: created.dataFormat,
    metrics: created.metrics,
    settings: schema,
  })
}

/** The settings of a recipe for help texts: key, type, meaning, default. */
export function settingLines(schema: JsonSchema): string[] {
  const fields = Object.entries(schema.properties ?? {})
  const width = Math.max(...fields.map(([key]) => key.length))
  return fields.map(([key, field]) => {
    const standard = field.default === undefined ? '' : ` (default ${show(field.default)})`
    return `  --set ${key.padEnd(width)}  ${field.description ?? typeOf(field)}${standard}`
  })
}

const typeOf = (field: JsonSchema) => (Array.isArray(field.type) ? field.type.join(' or ') : (field.type ?? 'value'))

/** A recipe's schema by name. @throws HeddleError `unknown-name` */
export function recipeSchema(registry: Registry, name: string): JsonSchema {
  const { config } = registry.get(recipePoint, name)
  const schema = jsonSchemaOf(config)
  if (schema.properties === undefined) {
    throw new HeddleError(
      'config',
      `recipe '${name}': expected a config schema of an object, got ${show(schema.type)}.`,
    )
  }
  return schema
}
