import { randomUUID } from 'node:crypto'
import { HeddleError, type PartSpec, type Registry } from '@heddle/core'
import {
  type Monitored,
  monitoredBy,
  prunerPoint,
  readStudyConfig,
  type StudyConfig,
  searchMethodPoint,
} from '@heddle/search'
import { type GivenData, recipeNamed, trainRun } from '@heddle/tasks'
import { MemoryStore } from '@heddle/trainer'
import { FolderStore } from '@heddle/trainer/node'
import { startBackend } from '../backend.ts'
import { type DataOptions, givenData } from '../data-files.ts'
import { refuseBesideResume } from '../refuse-beside-resume.ts'
import { partSizes } from '../run-data.ts'
import { existingRun, newRunFolder } from '../run-folder.ts'
import { readSpace, recipeOfTrial } from './trial-settings.ts'

export interface StudyOptions extends DataOptions {
  readonly space?: string
  readonly method?: string | PartSpec
  readonly pruner?: string | PartSpec
  readonly trials?: number
  readonly jobs?: number
  readonly out?: string
  readonly seed?: number
  readonly preset?: string
  /** Milliseconds of a trial. */
  readonly budget?: number
  readonly set: readonly string[]
  readonly resume?: string
}

/** A study that is to be run. */
export interface StudyPlan {
  readonly study: StudyConfig
  readonly folder: string
  /** Number of trials in all. */
  readonly trials: number
}

/** Checks the options of a new study, or reads one that is resumed. */
export async function planStudy(
  recipe: string | undefined,
  options: StudyOptions,
  registry: Registry,
): Promise<StudyPlan> {
  const { resume, space: file, trials = 20, jobs = 1, seed = 1, preset, budget } = options
  if (resume !== undefined) return resumedStudy(resume, recipe, options, registry)
  if (recipe === undefined || file === undefined) {
    throw new HeddleError(
      'usage',
      `search: expected a recipe and --space FILE, got no ${recipe === undefined ? 'recipe' : '--space'}. 'heddle list' shows the recipes; --resume DIR continues a search.`,
    )
  }
  const parts = partSizes(options)
  const shared = { recipe, preset, set: parts.set }
  const space = await readSpace(file, shared, registry)
  const method = partOf(options.method ?? 'random')
  const given = await givenData(parts)
  const base = recipeOfTrial(shared, {}, registry)
  // As the first trial will be: the direction does not decide what a grid or a draw begins with.
  const create = (direction: Monitored['direction']) =>
    registry.create(searchMethodPoint, method, { space, direction, seed, trials })
  const { pruner = { type: 'none' } } = create('minimize')
  const chosen = options.pruner === undefined ? pruner : partOf(options.pruner)
  registry.configOf(prunerPoint, chosen)
  const prepared = await prepareOnce(base, seed, given, registry)
  const study: StudyConfig = {
    id: randomUUID(),
    recipe: base,
    seed,
    ...(budget !== undefined && { budget }),
    space,
    method,
    pruner: chosen,
    trials,
    parallel: jobs,
    ...prepared,
  }
  return { study, folder: await newRunFolder(options.out, `search-${recipe}`, seed, 'search'), trials }
}

async function resumedStudy(
  resume: string,
  recipe: string | undefined,
  options: StudyOptions,
  registry: Registry,
): Promise<StudyPlan> {
  refuseBesideResume('search', 'search', [
    options.space !== undefined && '--space',
    options.method !== undefined && '--method',
    options.pruner !== undefined && '--pruner',
    options.seed !== undefined && '--seed',
    options.preset !== undefined && '--preset',
    options.budget !== undefined && '--budget',
    options.set.length > 0 && '--set',
    options.data.length > 0 && '--data',
    (options.validation ?? []).length > 0 && '--validation',
    (options.test ?? []).length > 0 && '--test',
    options.out !== undefined && '--out',
  ])
  const folder = await existingRun(resume)
  const study = await readStudyConfig(new FolderStore(folder), folder)
  recipeNamed(registry, study.recipe.type)
  if (recipe !== undefined && recipe !== study.recipe.type) {
    throw new HeddleError(
      'usage',
      `search --resume: expected the search's recipe '${study.recipe.type}', got '${recipe}'. Leave the recipe out.`,
    )
  }
  return { study, folder, trials: Math.max(options.trials ?? study.trials, study.trials) }
}

const partOf = (spec: string | PartSpec): PartSpec => (typeof spec === 'string' ? { type: spec } : spec)

/** Prepares a run without training it: finds its metric, the origin of its data, and mistakes that only show with the data. */
async function prepareOnce(
  recipe: PartSpec,
  seed: number,
  given: GivenData,
  registry: Registry,
): Promise<Pick<StudyConfig, 'metric' | 'direction' | 'data'>> {
  await startBackend({ backend: 'cpu' }, () => {})
  let found: (Monitored & Pick<StudyConfig, 'data'>) | undefined
  const enough = new Error('prepared')
  try {
    await trainRun({
      registry,
      store: new MemoryStore(),
      recipe,
      seed,
      ...given,
      events: {
        onPrepared: (prepared) => {
          found = { ...monitoredBy(prepared), data: prepared.provenance.data }
          throw enough
        },
      },
    })
  } catch (error) {
    if (error !== enough) throw error
  }
  return found!
}
