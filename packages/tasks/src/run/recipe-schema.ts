import { type JsonSchema, jsonSchemaOf, type Registry } from '@heddle/core'
import { modelPoint } from '@heddle/layers'
import { mergeSettings, type Settings, showDefaults } from '../task/settings.ts'
import { type Recipe, recipePoint } from './recipe.ts'
import { standardModel, suitedToModel } from './suited-settings.ts'

/** A recipe by name. @throws HeddleError `unknown-name` */
export const recipeNamed = (registry: Registry, name: string): Recipe =>
  registry.create(recipePoint, { type: name }, undefined)

/**
 * The JSON Schema of a recipe's settings with its defaults, those of its model and those that suit the model included:
 * command-line options, forms and help texts are made from it.
 *
 * @param model type of the model (default: the recipe's)
 * @throws HeddleError `unknown-name` for a model that the registry does not have
 */
export function recipeSchema(registry: Registry, recipe: Recipe, model?: string): JsonSchema {
  const schema = showDefaults(jsonSchemaOf(recipe.config), suitedToModel(registry, recipe, model)?.settings ?? {})
  const standard = standardModel(recipe)
  const type = model ?? standard.type
  const settings = jsonSchemaOf(registry.get(modelPoint, type).config)
  // Required fields are the sizes that the data decide.
  const required = new Set(settings.required ?? [])
  const properties = Object.fromEntries(Object.entries(settings.properties ?? {}).filter(([key]) => !required.has(key)))
  const defaults = mergeSettings({ type }, standard.type === type ? standard : {})
  const names = registry.list(modelPoint).map(({ name }) => name)
  const object = showDefaults(
    {
      ...settings,
      properties: { type: { type: 'string', description: 'type of the model', enum: names }, ...properties },
    },
    defaults as Settings,
  )
  const { description } = schema.properties?.['model'] ?? {}
  return {
    ...schema,
    properties: {
      ...schema.properties,
      model: { ...(description && { description }), anyOf: [{ type: 'string' }, object] },
    },
  }
}
