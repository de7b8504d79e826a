import { join, relative } from 'node:path'
import { HeddleError, type Registry } from '@heddle/core'
import {
  checkDataset,
  headFor,
  lengthenRun,
  readRunConfig,
  shellWord,
  startsAfresh,
  type TrainedRun,
  trainRun,
} from '@heddle/tasks'
import { TensorBoard } from '@heddle/trainer'
import { FolderStore } from '@heddle/trainer/node'
import { formatCount, formatDuration } from '@heddle/views'
import { type BackendOptions, startBackend } from '../backend.ts'
import { fileAt } from '../data-files.ts'
import { findingLines } from '../finding-lines.ts'
import { printMetrics } from '../metrics-table.ts'
import { type NewRun, type NewRunOptions, nameOfData, newRun } from '../new-run.ts'
import type { Output } from '../output.ts'
import { TrainingProgress } from '../progress.ts'
import { refuseBesideResume } from '../refuse-beside-resume.ts'
import { dataOfRun } from '../run-data.ts'
import { existingRun, newRunFolder } from '../run-folder.ts'
import { showExhibits } from '../show-exhibits.ts'
import { startingPoint } from '../starting-point.ts'
import { exhibitRecorder, recordResults, settingsText } from '../tensorboard.ts'
import { writeReport } from '../write-report.ts'

export interface TrainCommandOptions extends BackendOptions, NewRunOptions {
  readonly out?: string
  /** Milliseconds. */
  readonly budget?: number
  readonly resume?: string
  /** File of pre-trained word vectors. */
  readonly vectors?: string
  /** File of those of the words that the model writes. */
  readonly targetVectors?: string
  /** Whether a run with --from is compared with the same network from scratch. */
  readonly againstScratch?: boolean
  /** Number of steps of a resumed run, in all. */
  readonly steps?: number
  /** Whether TensorBoard's event files are written into the run; a resumed run that has some continues them. */
  readonly tensorboard?: boolean
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
  const isRecorded = options.tensorboard === true || (plan.resume && (await TensorBoard.exists(store)))
  const tensorBoard = isRecorded ? new TensorBoard(store) : undefined
  let progress: TrainingProgress | undefined
  const trained = await trainRun({
    registry,
    store,
    name: folder,
    ...(plan.resume ? { resume: true } : { recipe: plan.recipe, seed: plan.seed, budget: options.budget }),
    ...plan.data,
    from: plan.from,
    vectors: options.vectors === undefined ? undefined : fileAt(options.vectors, '--vectors'),
    targetVectors: options.targetVectors === undefined ? undefined : fileAt(options.targetVectors, '--target-vectors'),
    againstScratch: options.againstScratch,
    signal: options.interruption.signal,
    ...(tensorBoard && { recorders: [tensorBoard, exhibitRecorder(tensorBoard, registry)] }),
    events: {
      onPrepared: async (prepared) => {
        const { task, dataset, notes, provenance } = prepared
        options.interruption.hold()
        tensorBoard?.introduce('config', settingsText(prepared))
        progress = new TrainingProgress(output, task.pipeline.metrics, task.unit)
        const parts = Object.entries(dataset).filter(([, examples]) => examples.length > 0)
        output.field('recipe', `${plan.recipe.type}, seed ${plan.seed}`)
        output.field(
          'data',
          `${nameOfData(plan.data)}: ${parts.map(([name, examples]) => `${task.count(examples)} ${name}`).join(', ')}`,
        )
        if (provenance.from !== undefined) output.field('from', provenance.from.name)
        for (const note of notes) output.field('', note)
        if (plan.data.source !== undefined) {
          const warnings = (await checkDataset(task, dataset)).filter(({ isWarning }) => isWarning)
          for (const line of findingLines(warnings)) output.field('', line)
        }
        output.field('model', `${task.modelSpec.type}, ${formatCount(task.numParameters)} parameters`)
        output.field('backend', backend)
        output.field('run', folder)
        output.line()
      },
      onScratch: () => output.heading('The same network from scratch'),
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
  if (tensorBoard !== undefined) await recordResults(tensorBoard, trained, registry)
  showResults(trained, registry, output)
  const seconds = (performance.now() - started) / 1000
  output.heading('Done')
  output.field(
    'training',
    `${formatDuration(trained.result.elapsedMs)} for ${trained.result.steps} steps, ${formatDuration(1000 * seconds)} ${plan.resume ? 'since it was resumed' : 'in all'}`,
  )
  output.field('run', folder)
  output.field('report', relative('', report) || report)
  output.result(summaryOf(trained, folder, report, seconds))
  return 0
}

interface Plan extends NewRun {
  readonly resume: boolean
  readonly folder?: string
}

async function planRun(
  recipe: string | undefined,
  options: TrainCommandOptions,
  registry: Registry,
  output: Output,
): Promise<Plan> {
  const { resume, preset, set, out } = options
  if (resume === undefined) {
    if (options.steps !== undefined) {
      throw new HeddleError(
        'usage',
        `train --steps: expected --resume beside it, got none. Write --set training.steps=${options.steps} for a new run.`,
      )
    }
    if (recipe === undefined) {
      throw new HeddleError(
        'usage',
        "train: expected a recipe, got none. 'heddle list' shows them; --resume DIR continues a run.",
      )
    }
    return { ...(await newRun(recipe, options, registry, output)), resume: false }
  }
  refuseBesideResume('train', 'run', [
    options.seed !== undefined && '--seed',
    preset !== undefined && '--preset',
    options.budget !== undefined && '--budget',
    set.length > 0 && '--set',
    out !== undefined && '--out',
    options.from !== undefined && '--from',
    options.vectors !== undefined && '--vectors',
    options.targetVectors !== undefined && '--target-vectors',
  ])
  const folder = await existingRun(resume)
  const store = new FolderStore(folder)
  if (options.steps !== undefined) await lengthenRun({ store, registry, name: folder }, options.steps)
  const config = await readRunConfig(store, registry, folder)
  const { name } = config.recipe ?? { name: config.task.type }
  if (recipe !== undefined && recipe !== name) {
    throw new HeddleError(
      'usage',
      `train --resume: expected the run's recipe '${name}', got '${recipe}'. Leave the recipe out.`,
    )
  }
  const data = await dataOfRun(options, config, folder)
  const { name: origin, weights: fromWeights, base: fromBase, mergedAdapters: mergeAdapters } = config.from ?? {}
  const from = (await startsAfresh(store, config))
    ? await startingPoint(
        { ...options, from: origin, fromWeights, fromBase, mergeAdapters },
        headFor(config.model),
        registry,
        output,
      )
    : undefined
  return { recipe: { type: name }, seed: config.seed ?? 1, resume: true, data, folder, from }
}

function showResults({ task, seed, evaluation, exhibits }: TrainedRun, registry: Registry, output: Output): void {
  if (evaluation === undefined) {
    output.heading('No examples are held out')
    output.line('The run has no metrics, and keeps the weights of the last step.')
    return
  }
  const { part, metrics } = evaluation
  showExhibits(exhibits, registry, output)
  output.heading(`On the ${part} part, seed ${seed}`)
  printMetrics(task.pipeline.metrics, metrics, output, evaluation)
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
    ...(evaluation?.fromScratch && { fromScratch: evaluation.fromScratch }),
    ...(isBuiltIn && { expected: recipe.expected }),
  }
}
