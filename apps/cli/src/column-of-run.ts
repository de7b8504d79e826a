import type { Registry } from '@heddle/core'
import { INPUT_NAMES } from '@heddle/data'
import { type InputReader, type RunConfig, recipePoint } from '@heddle/tasks'
import type { UseColumns } from './use-rows.ts'

/**
 * Finds the columns to read in a table for a run: as they are given, as in the data that it was trained on, or by the usual names.
 *
 * @param given columns by name, or by number from 1
 */
export function columnsOfRun(
  { recipe }: Pick<RunConfig, 'recipe'>,
  reader: InputReader<unknown>,
  registry: Registry,
  given: readonly string[] = [],
): UseColumns {
  const data = recipe?.data ?? {}
  const settings = given.length === 1 ? { ...data, column: given[0] } : data
  const columns = given.length > 0 ? { columns: given } : {}
  const ofRecipe =
    recipe == null ? undefined : registry.create(recipePoint, { type: recipe.name }, undefined).data.columns
  const { text, source, pair, label, header } = data
  const isPair = reader.kind === 'pair'
  const own = isPair ? [text, pair] : [source ?? text]
  const usual: readonly (readonly string[])[] = isPair ? reader.columns : INPUT_NAMES.map((name) => [name])
  const fits = (names: readonly string[]) => names.length === own.length
  const names = [
    ...(own.every((name) => typeof name === 'string') ? [own as string[]] : []),
    ...(ofRecipe?.names ?? []).filter(fits),
    ...usual,
  ]
  const places = own.filter((place) => typeof place === 'number')
  const labels = [label].flat().filter((each) => typeof each === 'number')
  // Behind the texts of a table whose labels come first there may be more, as in the STS benchmark.
  const isRagged = isPair && header !== true && labels.some((place) => place < Math.max(...places))
  const width = Math.max(...places, ...labels)
  const ofRun = { columns: places, header: header === true, width, ...(isRagged && { isRagged }) }
  const likely =
    places.length === own.length ? ofRun : ofRecipe?.likely?.columns.length === own.length ? ofRecipe.likely : undefined
  return { settings, wanted: { ...columns, names, ...(likely && { likely }) } }
}
