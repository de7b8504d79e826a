import { HeddleError, suggest } from '@heddle/core'
import type { Settings } from '../task/settings.ts'
import type { Recipe } from './recipe.ts'

/** Settings of a recipe under a name, such as those of a well-known experiment. */
export interface Preset<S = Settings> {
  /** One line for help texts. */
  readonly summary: string
  /** In the nested form of the recipe's settings. They go before its defaults; a user's own go before them. */
  readonly settings: S
}

/**
 * The settings of a recipe's preset; none without a name.
 *
 * @throws HeddleError `unknown-name`, naming the recipe's presets
 */
export function presetSettings({ name: recipe, presets }: Recipe, name: unknown): Settings {
  if (name === undefined) return {}
  if (typeof name === 'string' && Object.hasOwn(presets, name)) return presets[name]!.settings
  const names = Object.keys(presets)
  throw new HeddleError(
    'unknown-name',
    `recipe '${recipe}': expected a preset of the recipe, got '${name}'. ${names.length === 0 ? 'It has none.' : suggest(`${name}`, names)}`,
  )
}
