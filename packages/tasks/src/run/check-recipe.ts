import { type PartSpec, parseConfig, RandomStream, type Registry } from '@heddle/core'
import { mergeSettings } from '../task/settings.ts'
import { presetSettings } from './preset.ts'
import { recipeNamed } from './recipe-schema.ts'
import { suitedToModel } from './suited-settings.ts'

/**
 * Checks the settings of a recipe as a run does before it reads data.
 *
 * @param spec the recipe with settings, as {@link trainRun} takes it
 * @throws HeddleError `config` or `unknown-name`
 */
export function checkRecipe(registry: Registry, { type, preset, ...own }: PartSpec): void {
  const recipe = recipeNamed(registry, type)
  const where = `recipe '${type}'`
  const { data = {}, ...given } = mergeSettings(presetSettings(recipe, preset), own)
  parseConfig(`${where}: data`, recipe.data.config, data)
  const suited = suitedToModel(registry, recipe, given['model'])?.settings ?? {}
  const config = mergeSettings(mergeSettings(recipe.defaults, suited), given)
  recipe.task.create(config, { registry, rng: new RandomStream(0), where }).dispose()
}
