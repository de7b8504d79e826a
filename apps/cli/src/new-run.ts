import type { PartSpec, Registry } from '@heddle/core'
import { HeddleError } from '@heddle/core'
import {
  type GivenData,
  headFor,
  onEncoder,
  openStartingPoint,
  recipeNamed,
  recipeSchema,
  type StartingPoint,
  standardModel,
} from '@heddle/tasks'
import { FolderStore } from '@heddle/trainer/node'
import type { Interruption } from './interruptible.ts'
import type { Output } from './output.ts'
import { openPretrained } from './pretrained.ts'
import { type DataOptions, givenData } from './run-data.ts'
import { parseSettings, typeOfSetting } from './settings.ts'

/** The model to start from, and the paths of the weights to take over. */
export interface OriginOptions {
  readonly from?: string | undefined
  readonly fromWeights?: readonly string[] | undefined
  readonly interruption: Interruption
}

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
  options: NewRunOptions,
  registry: Registry,
  output: Output,
): Promise<NewRun> {
  const { seed = 1, preset, set } = options
  const known = recipeNamed(registry, recipe)
  const from = await startingPoint(options, headFor(standardModel(known)), registry, output)
  const given = typeOfSetting(set, 'model')
  const { headOnEncoder } = known.task
  const onOther = from && onEncoder({ model: standardModel(known), given, headOnEncoder }, from)
  const model = given ?? (from?.task === known.task.name ? from.spec.type : onOther)
  const schema = recipeSchema(registry, known, { preset, model })
  const settings = { ...(preset !== undefined && { preset }), ...parseSettings(set, schema) }
  return { recipe: { type: recipe, ...settings }, seed, data: await givenData(options), from }
}

/** The model that --from names. */
export async function startingPoint(
  { from, fromWeights = [], interruption }: OriginOptions,
  as: PartSpec | undefined,
  registry: Registry,
  output: Output,
): Promise<StartingPoint | undefined> {
  if (from === undefined) {
    if (fromWeights.length === 0) return undefined
    throw new HeddleError('usage', 'train --from-weights: expected --from beside it, got none. Name the run.')
  }
  const { folder, name } = await openPretrained(from, interruption, output)
  return openStartingPoint({
    store: new FolderStore(folder),
    registry,
    name,
    as,
    ...(fromWeights.length > 0 && { weights: fromWeights }),
  })
}

/** The given data for people. */
export const nameOfData = ({ source, validation, test }: GivenData) =>
  [
    source?.name ?? 'built-in',
    ...(validation ? [`validation ${validation.name}`] : []),
    ...(test ? [`test ${test.name}`] : []),
  ].join(', ')
