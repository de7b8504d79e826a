import type { PartSpec, Registry } from '@heddle/core'
import { HeddleError } from '@heddle/core'
import {
  adaptersIn,
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
import { type DataOptions, givenData, partSizes } from './run-data.ts'
import { parseSettings, typeOfSetting } from './settings.ts'

/** The model to start from, and the paths of the weights to take over. */
export interface OriginOptions {
  readonly from?: string | undefined
  readonly fromWeights?: readonly string[] | undefined
  /** The base model of adapters, in place of the one that they name. */
  readonly fromBase?: string | undefined
  readonly mergeAdapters?: boolean | undefined
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

/** The model that --from names. */
export async function startingPoint(
  { from, fromWeights = [], fromBase, mergeAdapters = false, interruption }: OriginOptions,
  as: PartSpec | undefined,
  registry: Registry,
  output: Output,
): Promise<StartingPoint | undefined> {
  if (from === undefined) {
    const given = [
      ...(fromWeights.length > 0 ? ['--from-weights'] : []),
      ...(fromBase !== undefined ? ['--from-base'] : []),
      ...(mergeAdapters ? ['--merge-adapters'] : []),
    ]
    if (given.length === 0) return undefined
    throw new HeddleError('usage', `train ${given.join(', ')}: expected --from beside it, got none. Name the run.`)
  }
  const { folder, name } = await openPretrained(from, interruption, output)
  const store = new FolderStore(folder)
  const adapters = await adaptersIn(store, registry)
  const shared = { registry, name, as, ...(fromWeights.length > 0 && { weights: fromWeights }) }
  if (adapters === undefined) {
    if (fromBase === undefined && !mergeAdapters) return openStartingPoint({ ...shared, store })
    throw new HeddleError(
      'usage',
      `train --from ${from}: expected a folder of peft beside --from-base or --merge-adapters, got one without adapter_config.json. Leave the options out.`,
    )
  }
  const base = fromBase ?? adapters.base
  if (base === undefined) {
    throw new HeddleError(
      'usage',
      `train --from ${from}: expected --from-base, as the adapters name no base_model_name_or_path, got none. Name the model that they belong to.`,
    )
  }
  const opened = await openPretrained(base, interruption, output).catch((cause: unknown) => {
    if (fromBase !== undefined || !(cause instanceof HeddleError)) throw cause
    throw new HeddleError(
      cause.code,
      `train --from ${from}: expected the base model that adapter_config.json names, got none: ${cause.message} Name it with --from-base.`,
      { cause },
    )
  })
  return openStartingPoint({
    ...shared,
    ...{ store: new FolderStore(opened.folder), adapters: store, base: opened.name, mergeAdapters },
  })
}

/** The given data for people. */
export const nameOfData = ({ source, validation, test }: GivenData) =>
  [
    source?.name ?? 'built-in',
    ...(validation ? [`validation ${validation.name}`] : []),
    ...(test ? [`test ${test.name}`] : []),
  ].join(', ')
