import { join, relative } from 'node:path'
import { HeddleError, type Registry } from '@heddle/core'
import { readRunConfig, type TrainedRun, trainRun } from '@heddle/recipes'
import { FolderStore } from '@heddle/trainer/node'
import { type BackendOptions, startBackend } from '../backend.ts'
import { dataSource } from '../data-files.ts'
import { formatCount, formatDuration, formatMetric } from '../format.ts'
import type { Output } from '../output.ts'
import { TrainingProgress } from '../progress.ts'
import { writeReport } from '../report/write-report.ts'
import { existingRun, newRunFolder } from '../run-folder.ts'
import { parseSettings } from '../settings.ts'
import { showExhibits } from '../show/exhibits.ts'
import { recipeSchema } from './list.ts'

export interface TrainCommandOptions extends BackendOptions {
  readonly data: readonly string[]
  readonly out?: string
  readonly seed?: number
  readonly set: readonly string[]
  readonly resume?: string
  readonly signal: AbortSignal
}

/** `heddle train`: returns the exit code, 130 when it was stopped by a signal. */
export async function trainCommand(
  recipe: string | undefined,
  options: TrainCommandOptions,
  registry: Registry,
  output: Output,
): Promise<number> {
  const started = performance.now()
  const plan = await planRun(recipe, options, registry)
  const source = await dataSource(options.data)
  const backend = await startBackend(options, (line) => output.line(line))
  const folder = plan.folder ?? (await newRunFolder(options.out, plan.recipe.type, plan.seed))
  const store = new FolderStore(folder)
  let progress: TrainingProgress | undefined
  const trained = await trainRun({
    registry,
    store,
    name: folder,
    ...(plan.resume ? { resume: true } : { recipe: plan.recipe, seed: plan.seed }),
    source,
    signal: options.signal,
    events: {
      onPrepared: ({ run, dataset, notes, parameters }) => {
        progress = new TrainingProgress(output, run.recipe.metrics)
        const { train, validation, test } = dataset
        output.field('recipe', `${plan.recipe.type}, seed ${plan.seed}`)
        output.field('data', `${source?.name ?? 'built-in'}: ${partsOf({ train, validation, test })}`)
        for (const note of notes) output.field('', note)
        output.field('model', `${run.config.model.type}, ${formatCount(parameters)} parameters`)
        output.field('backend', backend)
        output.field('run', folder)
        output.line()
      },
      onStep: (event) => progress?.step(event),
      onValidation: (event) => progress?.validation(event),
    },
  }).finally(() => progress?.stop())

  if (trained.evaluation === undefined) {
    output.line(`Stopped after step ${trained.result.steps}. Resume with: heddle train --resume ${folder}`)
    output.result({ command: 'train', run: folder, stopped: true, steps: trained.result.steps })
    return 130
  }
  const report = join(folder, 'report.html')
  await writeReport(store, trained, backend)
  showResults(trained, output)
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
  readonly folder?: string
}

async function planRun(recipe: string | undefined, options: TrainCommandOptions, registry: Registry): Promise<Plan> {
  const { resume, seed = 1, set, out } = options
  if (resume === undefined) {
    if (recipe === undefined) {
      throw new HeddleError(
        'usage',
        "train: expected a recipe, got none. 'heddle list' shows them; --resume DIR goes on with a run.",
      )
    }
    const config = parseSettings(set, recipeSchema(registry, recipe))
    return { recipe: { type: recipe, ...config }, seed, resume: false }
  }
  const given = [
    options.seed !== undefined && '--seed',
    set.length > 0 && '--set',
    out !== undefined && '--out',
  ].filter(Boolean)
  if (given.length > 0) {
    throw new HeddleError(
      'usage',
      `train --resume: expected no ${given.join(', ')}, as a run keeps its own. Leave it out, or start a new run.`,
    )
  }
  const folder = await existingRun(resume)
  const config = await readRunConfig(new FolderStore(folder), registry, folder)
  if (recipe !== undefined && recipe !== config.recipe.type) {
    throw new HeddleError(
      'usage',
      `train --resume: expected the run's recipe '${config.recipe.type}', got '${recipe}'. Leave the recipe out.`,
    )
  }
  return { recipe: config.recipe, seed: config.seed, resume: true, folder }
}

function partsOf(parts: Record<string, readonly unknown[]>): string {
  // Texts are counted by their characters, other examples by their number.
  return Object.entries(parts)
    .filter(([, examples]) => examples.length > 0)
    .map(([name, examples]) =>
      examples.length === 1 && typeof examples[0] === 'string'
        ? `${formatCount(examples[0].length)} characters ${name}`
        : `${formatCount(examples.length)} ${name}`,
    )
    .join(', ')
}

function showResults({ run, evaluation, exhibits }: TrainedRun, output: Output): void {
  const { part, metrics, baseline } = evaluation!
  showExhibits(exhibits, output)
  output.heading(`On the ${part} part, seed ${run.config.seed}`)
  for (const info of run.recipe.metrics) {
    const value = metrics[info.name]
    if (value === undefined) continue
    const compared = baseline?.[info.name]
    const against = compared === undefined ? '' : ` (baseline ${formatMetric(info, compared)})`
    output.line(`  ${info.name.padEnd(18)} ${formatMetric(info, value).padStart(8)}  ${info.summary}${against}`)
  }
}

function summaryOf(
  { run, result, evaluation, parameters }: TrainedRun,
  folder: string,
  report: string,
  seconds: number,
) {
  const { config, recipe } = run
  const expected = recipe.metrics.filter((info) => info.expected !== undefined && config.data === null)
  return {
    command: 'train',
    recipe: config.recipe.type,
    seed: config.seed,
    data: config.data?.name ?? null,
    run: folder,
    report,
    parameters,
    steps: result.steps,
    reason: result.reason,
    trainingSeconds: result.elapsedMs / 1000,
    seconds,
    loss: result.loss,
    validation: result.best ? { step: result.best.step, ...result.best.metrics } : null,
    part: evaluation!.part,
    // The one that the recipe is judged by; baseline and expectation are of it, and of others.
    metric: recipe.metrics[0]!.name,
    metrics: evaluation!.metrics,
    ...(evaluation!.baseline && { baseline: evaluation!.baseline }),
    ...(expected.length > 0 && {
      expected: Object.fromEntries(expected.map(({ name, expected }) => [name, expected])),
    }),
  }
}
