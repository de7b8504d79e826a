import type { PartSpec, Registry } from '@heddle/core'
import {
  type GivenData,
  headFor,
  onEncoder,
  recipeNamed,
  recipeSchema,
  type StartingPoint,
  standardModel,
} from '@heddle/tasks'
import { type DataOptions, givenData } from './data-files.ts'
import type { Output } from './output.ts'
import { partSizes } from './run-data.ts'
import { parseSettings, typeOfSetting } from './settings.ts'
import { type OriginOptions, startingPoint } from './starting-point.ts'

/** The options of a command that say which run is meant. */
export interface NewRunOptions extends DataOptions, OriginOptions {
  readonly seed?: number
  readonly preset?: string
  readonly set: readonly string[]
}

/** A run that has yet to be prepared. */
export interface NewRun {
  readonly recipe: PartSpec
  readonly seed: number
  readonly data: GivenData
  readonly from?: StartingPoint | undefined
}

/** The recipe with the settings of the options, its data, and the model that it starts from. */
export async function newRun(
  recipe: string,
  given: NewRunOptions,
  registry: Registry,
  output: Output,
): Promise<NewRun> {
  const options = partSizes(given)
  const { seed = 1, preset, set } = options
  const known = recipeNamed(registry, recipe)
  const from = await startingPoint(options, headFor(standardModel(known)), registry, output)
  const givenModel = typeOfSetting(set, 'model')
  const { headOnEncoder } = known.task
  const onOther = from && onEncoder({ model: standardModel(known), given: givenModel, headOnEncoder }, from)
  const model = givenModel ?? (from?.task === known.task.name ? from.spec.type : onOther)
  const schema = recipeSchema(registry, known, { preset, model })
  const settings = { ...(preset !== undefined && { preset }), ...parseSettings(set, schema) }
  return { recipe: { type: recipe, ...settings }, seed, data: await givenData(options), from }
}

/** The given data for people. */
export const nameOfData = ({ source, validation, test }: GivenData) =>
  [
    source?.name ?? 'built-in',
    ...(validation ? [`validation ${validation.name}`] : []),
    ...(test ? [`test ${test.name}`] : []),
  ].join(', ')
