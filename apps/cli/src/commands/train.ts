import { join, relative } from 'node:path'
import { HeddleError, type PartSpec, type Registry } from '@heddle/core'
import {
  type GivenData,
  headFor,
  openStartingPoint,
  readRunConfig,
  recipeNamed,
  recipeSchema,
  type StartingPoint,
  shellWord,
  standardModel,
  startsAfresh,
  type TrainedRun,
  trainRun,
} from '@heddle/tasks'
import { FolderStore } from '@heddle/trainer/node'
import { formatCount, formatDuration } from '@heddle/views'
import { type BackendOptions, startBackend } from '../backend.ts'
import type { Interruption } from '../interruptible.ts'
import { printMetrics } from '../metrics-table.ts'
import type { Output } from '../output.ts'
import { openPretrained } from '../pretrained.ts'
import { TrainingProgress } from '../progress.ts'
import { type DataOptions, dataOfRun, givenData } from '../run-data.ts'
import { existingRun, newRunFolder } from '../run-folder.ts'
import { parseSettings, settingOf } from '../settings.ts'
import { showExhibits } from '../show-exhibits.ts'
import { writeReport } from '../write-report.ts'

export interface TrainCommandOptions extends BackendOptions, DataOptions {
  readonly out?: string
  readonly seed?: number
  readonly preset?: string
  /** Milliseconds. */
  readonly budget?: number
  readonly set: readonly string[]
  readonly resume?: string
  /** A run or checkpoint to start from, and the paths of the weights to take over. */
  readonly from?: string
  readonly fromWeights?: readonly string[]
  readonly interruption: Interruption
}

/** `heddle train`: returns the exit code, 130 when it was stopped by a signal. */
export async function trainCommand(
  recipe: string | undefined,
  options: TrainCommandOptions,
  registry: Registry,
  output: Output,
): Promise<number> {
  const started = performance.now()
  const backend = await startBackend(options, (line) => output.line(line))
  const plan = await planRun(recipe, options, registry, output).catch((error) => {
    if (options.interruption.signal.aborted) return undefined
    throw error
  })
  if (plan === undefined) {
    output.line('Stopped. The same command resumes the download.')
    return 130
  }
  const folder = plan.folder ?? (await newRunFolder(options.out, plan.recipe.type, plan.seed))
  const store = new FolderStore(folder)
  let progress: TrainingProgress | undefined
  const trained = await trainRun({
    registry,
    store,
    name: folder,
    ...(plan.resume ? { resume: true } : { recipe: plan.recipe, seed: plan.seed, budget: options.budget }),
    ...plan.data,
    from: plan.from,
    signal: options.interruption.signal,
    events: {
      onPrepared: ({ task, dataset, notes, provenance }) => {
        options.interruption.hold()
        progress = new TrainingProgress(output, task.pipeline.metrics, task.unit)
        const parts = Object.entries(dataset).filter(([, examples]) => examples.length > 0)
        output.field('recipe', `${plan.recipe.type}, seed ${plan.seed}`)
        output.field(
          'data',
          `${nameOf(plan.data)}: ${parts.map(([name, examples]) => `${task.count(examples)} ${name}`).join(', ')}`,
        )
        if (provenance.from !== undefined) output.field('from', provenance.from.name)
        for (const note of notes) output.field('', note)
        output.field('model', `${task.modelSpec.type}, ${formatCount(task.numParameters)} parameters`)
        output.field('backend', backend)
        output.field('run', folder)
        output.line()
      },
      onStep: (event) => progress?.step(event),
      onSkipped: (event) => progress?.skipped(event),
      onValidation: (event) => progress?.validation(event),
    },
  }).finally(() => progress?.stop())

  if (trained.result.reason === 'aborted') {
    output.line(`Stopped after step ${trained.result.steps}. Resume with: heddle train --resume ${shellWord(folder)}`)
    output.result({ command: 'train', run: folder, stopped: true, steps: trained.result.steps })
    return 130
  }
  const report = join(folder, 'report.html')
  await writeReport(store, trained, backend, registry)
  showResults(trained, registry, output)
  const seconds = (performance.now() - started) / 1000
  output.heading('Done')
  output.field(
    'training',
    `${formatDuration(trained.result.elapsedMs)} for ${trained.result.steps} steps, ${formatDuration(1000 * seconds)} in all`,
  )
  output.field('run', folder)
  output.field('report', relative('', report) || report)
  output.result(summaryOf(trained, folder, report, seconds))
  return 0
}

interface Plan {
  readonly recipe: { readonly type: string }
  readonly seed: number
  readonly resume: boolean
  readonly data: GivenData
  readonly folder?: string
  readonly from?: StartingPoint | undefined
}

async function planRun(
  recipe: string | undefined,
  options: TrainCommandOptions,
  registry: Registry,
  output: Output,
): Promise<Plan> {
  const { resume, seed = 1, preset, set, out } = options
  if (resume === undefined) {
    if (recipe === undefined) {
      throw new HeddleError(
        'usage',
        "train: expected a recipe, got none. 'heddle list' shows them; --resume DIR goes on with a run.",
      )
    }
    const known = recipeNamed(registry, recipe)
    const from = await startingPoint(options, headFor(standardModel(known)), registry, output)
    const model = settingOf(set, 'model') ?? (from?.task === known.task.name ? from.spec.type : undefined)
    const schema = recipeSchema(registry, known, { preset, model })
    const settings = { ...(preset !== undefined && { preset }), ...parseSettings(set, schema) }
    return { recipe: { type: recipe, ...settings }, seed, resume: false, data: await givenData(options), from }
  }
  const given = [
    options.seed !== undefined && '--seed',
    preset !== undefined && '--preset',
    options.budget !== undefined && '--budget',
    set.length > 0 && '--set',
    out !== undefined && '--out',
    options.from !== undefined && '--from',
  ].filter(Boolean)
  if (given.length > 0) {
    throw new HeddleError(
      'usage',
      `train --resume: expected no ${given.join(', ')}, as a run keeps its own. Leave it out, or start a new run.`,
    )
  }
  const folder = await existingRun(resume)
  const store = new FolderStore(folder)
  const config = await readRunConfig(store, registry, folder)
  const { name } = config.recipe ?? { name: config.task.type }
  if (recipe !== undefined && recipe !== name) {
    throw new HeddleError(
      'usage',
      `train --resume: expected the run's recipe '${name}', got '${recipe}'. Leave the recipe out.`,
    )
  }
  const data = await dataOfRun(options, config, folder)
  const { name: origin, weights: fromWeights } = config.from ?? {}
  const from = (await startsAfresh(store, config))
    ? await startingPoint({ ...options, from: origin, fromWeights }, headFor(config.model), registry, output)
    : undefined
  return { recipe: { type: name }, seed: config.seed ?? 1, resume: true, data, folder, from }
}

/** The model that --from names. */
async function startingPoint(
  {
    from,
    fromWeights = [],
    interruption,
  }: {
    readonly from?: string | undefined
    readonly fromWeights?: readonly string[] | undefined
    readonly interruption: Interruption
  },
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
const nameOf = ({ source, validation, test }: GivenData) =>
  [
    source?.name ?? 'built-in',
    ...(validation ? [`validation ${validation.name}`] : []),
    ...(test ? [`test ${test.name}`] : []),
  ].join(', ')

function showResults({ task, seed, evaluation, exhibits }: TrainedRun, registry: Registry, output: Output): void {
  if (evaluation === undefined) {
    output.heading('No examples are held out')
    output.line('The run has no metrics, and keeps the weights of the last step.')
    return
  }
  const { part, metrics, baseline } = evaluation
  showExhibits(exhibits, registry, output)
  output.heading(`On the ${part} part, seed ${seed}`)
  printMetrics(task.pipeline.metrics, metrics, output, baseline)
}

function summaryOf(
  { recipe, task, seed, result, evaluation, provenance }: TrainedRun,
  folder: string,
  report: string,
  seconds: number,
) {
  const isBuiltIn = provenance.data === null
  return {
    command: 'train',
    recipe: recipe.name,
    seed,
    data: provenance.data?.name ?? null,
    run: folder,
    report,
    parameters: task.numParameters,
    steps: result.steps,
    reason: result.reason,
    trainingSeconds: result.elapsedMs / 1000,
    seconds,
    loss: result.loss,
    validation: result.best ? { step: result.best.step, ...result.best.metrics } : null,
    part: evaluation?.part ?? null,
    // The one to judge by; baseline and expectation are of it, and of others.
    metric: task.pipeline.metrics[0]!.name,
    metrics: evaluation?.metrics ?? {},
    ...(evaluation?.baseline && { baseline: evaluation.baseline }),
    ...(isBuiltIn && { expected: recipe.expected }),
  }
}
