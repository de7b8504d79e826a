import { type JsonSchema, jsonSchemaOf, type PartSpec, type Registry } from '@heddle/core'
import { modelPoint } from '@heddle/layers'
import { mergeSettings, type Settings, showDefaults } from '../task/settings.ts'
import { presetSettings } from './preset.ts'
import { type Recipe, recipePoint } from './recipe.ts'
import { standardModel, suitedToModel } from './suited-settings.ts'

/** A recipe by name. @throws HeddleError `unknown-name` */
export const recipeNamed = (registry: Registry, name: string): Recipe =>
  registry.create(recipePoint, { type: name }, undefined)

export interface RecipeSchemaOptions {
  /** Name of a preset of the recipe, whose settings are then the defaults. */
  readonly preset?: string | undefined
  /** The model, by type or with settings (default: the preset's or the recipe's). */
  readonly model?: string | PartSpec | undefined
}

/**
 * The JSON Schema of a recipe's settings with its defaults, those of its model and those that suit the model included:
 * command-line options, forms and help texts are made from it.
 *
 * @throws HeddleError `unknown-name` for a preset that the recipe does not have, or a model that the registry does not have
 */
export function recipeSchema(registry: Registry, recipe: Recipe, options: RecipeSchemaOptions = {}): JsonSchema {
  const { preset, model } = options
  const given = mergeSettings(presetSettings(recipe, preset), { model })
  const { model: standard } = mergeSettings({ model: standardModel(recipe) }, given) as { model: string | PartSpec }
  const type = typeof standard === 'string' ? standard : standard.type
  const suited = suitedToModel(registry, recipe, type)?.settings ?? {}
  const schema = showDefaults(jsonSchemaOf(recipe.config), mergeSettings(suited, { ...given, model: undefined }))
  const settings = jsonSchemaOf(registry.get(modelPoint, type).config)
  const defaults = mergeSettings({ type }, typeof standard === 'string' ? {} : standard)
  // Other required fields are the sizes that the data decide.
  const required = new Set(settings.required?.filter((key) => !Object.hasOwn(defaults, key)))
  const properties = Object.fromEntries(Object.entries(settings.properties ?? {}).filter(([key]) => !required.has(key)))
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
