import { type JsonSchema, type Registry, show } from '@heddle/core'
import { type Recipe, recipeNamed, recipePoint, recipeSchema } from '@heddle/tasks'
import type { Output } from '../output.ts'

/** `heddle list`: the recipes; `heddle list <recipe>`: its settings. */
export function listCommand(name: string | undefined, registry: Registry, output: Output): void {
  if (name === undefined) listRecipes(registry, output)
  else listRecipe(name, registry, output)
}

function listRecipes(registry: Registry, output: Output): void {
  const recipes = registry.list(recipePoint).map(({ name, summary }) => ({ name, summary }))
  printTable(recipes, output)
  output.line()
  output.line("'heddle list <recipe>' shows its settings, 'heddle train <recipe>' trains it.")
  output.line("'heddle list --points' shows every kind of part and what contributes to it.")
  output.result({ command: 'list', recipes })
}

function listRecipe(name: string, registry: Registry, output: Output): void {
  const recipe = recipeNamed(registry, name)
  const schema = recipeSchema(registry, recipe)
  output.line(`${name}: ${recipe.summary}`)
  output.line(`--data  ${recipe.data.format}`)
  for (const line of presetLines(recipe)) output.line(line)
  for (const line of settingLines(schema)) output.line(line)
  output.result({
    command: 'list',
    recipe: name,
    summary: recipe.summary,
    task: recipe.task.name,
    data: recipe.data.format,
    expected: recipe.expected,
    presets: recipe.presets,
    settings: schema,
  })
}

/** `heddle list --points`: every extension point with its parts and the plugins that provide them. */
export function listPoints(registry: Registry, output: Output): void {
  const points = new Map<string, { name: string; summary: string; plugin: string }[]>()
  for (const plugin of registry.plugins) {
    for (const { point, definition } of plugin.contributes) {
      const { name, summary } = definition as { name: string; summary: string }
      points.set(point.kind, [...(points.get(point.kind) ?? []), { name, summary, plugin: plugin.name }])
    }
  }
  for (const [point, parts] of points) {
    output.heading(point)
    printTable(
      parts.map(({ name, summary, plugin }) => ({ name, summary: `${summary} (${plugin})` })),
      output,
    )
  }
  output.result({ command: 'list', points: Object.fromEntries(points) })
}

function printTable(rows: readonly { readonly name: string; readonly summary: string }[], output: Output): void {
  const width = Math.max(...rows.map(({ name }) => name.length))
  for (const { name, summary } of rows) output.line(`  ${name.padEnd(width)}  ${summary}`)
}

/** The presets of a recipe for help texts. */
export function presetLines({ presets }: Recipe): string[] {
  const named = Object.entries(presets)
  const width = Math.max(...named.map(([name]) => name.length))
  return named.map(([name, { summary }]) => `  --preset ${name.padEnd(width)}  ${summary}`)
}

/** The settings of a recipe for help texts: path, meaning, default. */
export function settingLines(schema: JsonSchema): string[] {
  const fields = [...fieldsOf(schema, '')]
  const width = Math.max(...fields.map(([path]) => path.length))
  return fields.map(([path, field]) => {
    const standard = field.default === undefined ? '' : ` (default ${show(field.default)})`
    return `  --set ${path.padEnd(width)}  ${field.description ?? typeOf(field)}${standard}`
  })
}

function* fieldsOf(schema: JsonSchema, path: string): Generator<[path: string, field: JsonSchema]> {
  for (const [key, field] of Object.entries(schema.properties ?? {})) {
    // A part that is known by its type alone is one setting.
    const section = [field, ...(field.anyOf ?? [])].find(({ properties = {} }) =>
      Object.keys(properties).some((name) => name !== 'type'),
    )
    if (section === undefined) yield [path + key, field]
    else yield* fieldsOf(section, `${path}${key}.`)
  }
}

const typeOf = (field: JsonSchema) => (Array.isArray(field.type) ? field.type.join(' or ') : (field.type ?? 'value'))
