import { type JsonSchema, jsonSchemaOf, type PartSpec, type Registry } from '@heddle/core'
import { modelPoint } from '@heddle/layers'
import { isObject, mergeSettings, type Settings } from '../task/settings.ts'
import type { Recipe } from './recipe.ts'

/** The model of a recipe's defaults, or of its task's. */
export function standardModel(recipe: Recipe): PartSpec {
  const standard = jsonSchemaOf(recipe.config).properties?.['model']?.default
  return mergeSettings({ model: standard }, recipe.defaults)['model'] as PartSpec
}

/**
 * Defaults that suit a model of another type than the recipe's own: what its definition states under `suits`. Settings that the
 * recipe does not have are left out.
 *
 * @param model the model that the user chose: a type, or settings with or without one
 * @returns type and settings; undefined for the recipe's own type
 * @throws HeddleError `unknown-name` for a model that the registry does not have
 */
export function suitedToModel(
  registry: Registry,
  recipe: Recipe,
  model: unknown,
): { readonly type: string; readonly settings: Settings } | undefined {
  const standard = standardModel(recipe)
  const { model: chosen } = mergeSettings({ model: standard }, { model })
  const type = typeof chosen === 'string' ? chosen : (chosen as PartSpec).type
  if (type === standard.type) return undefined
  return { type, settings: known(registry.get(modelPoint, type).suits ?? {}, jsonSchemaOf(recipe.config)) }
}

function known(settings: Settings, schema: JsonSchema): Settings {
  return Object.fromEntries(
    Object.entries(settings).flatMap(([key, value]) => {
      const field = schema.properties?.[key]
      if (field === undefined) return []
      return [[key, isObject(value) && field.properties !== undefined ? known(value, field) : value]]
    }),
  )
}
