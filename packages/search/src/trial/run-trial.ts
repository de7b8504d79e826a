import { isHeddleError, type PartSpec, type Registry } from '@heddle/core'
import {
  checkSameData,
  type GivenData,
  type GivenOrigin,
  monitorOf,
  type PreparedRun,
  type TrainedRun,
  trainRun,
} from '@heddle/tasks'
import { type RunStore, readRunLog } from '@heddle/trainer'
import { prunerPoint } from '../pruners/pruner.ts'
import { failedOutcome, type TrialControl } from '../study/search.ts'
import { bestOf, type Direction, type Report, type Trial, type TrialOutcome } from '../study/trial.ts'
import { claimRun, LOCK } from './claim-run.ts'

/** A trial as data, with all that a process needs to run it. */
export interface TrialJob {
  readonly number: number
  /** The recipe with the settings of the trial. */
  readonly recipe: PartSpec
  readonly seed: number
  /** Milliseconds for all steps, in place of `training.steps`. */
  readonly budget?: number | undefined
  /** The given data, by absolute paths, with their checksum. */
  readonly data: GivenOrigin | null
  readonly direction: Direction
  readonly pruner: PartSpec
  /** The trials that the pruner may compare with. */
  readonly history: readonly Trial[]
}

export interface RunTrialOptions {
  readonly registry: Registry
  /** Folder of the trial's run. */
  readonly store: RunStore
  /** Name for messages, such as the run's folder. */
  readonly name: string
  /** The data that the job names. */
  readonly given: GivenData
  readonly control: TrialControl
  /** Is told of the run of a complete trial, before its model is freed. */
  readonly onTrained?: (trained: TrainedRun) => Promise<void>
}

/** The metric by which a run is judged. */
export interface Monitored {
  readonly metric: string
  readonly direction: Direction
}

/** The metric by which a prepared run is judged. */
export function monitoredBy({ task, dataset }: Pick<PreparedRun, 'task' | 'dataset'>): Monitored {
  const { learning } = task.pipeline
  // A model that counts is fitted once, and validated by its loss.
  if (!('objective' in learning)) return { metric: 'loss', direction: 'minimize' }
  const { monitor, mode } = monitorOf(task, learning, dataset.validation)
  return { metric: monitor, direction: mode === 'max' ? 'maximize' : 'minimize' }
}

/**
 * Trains the run of a trial, or continues it from its checkpoint, and stops it where the pruner says so. A trial that is killed and
 * run again reports the same values and ends in the same way.
 *
 * @returns the outcome, also that of a training that failed; 'aborted' when the signal stopped it, with a checkpoint
 * @throws HeddleError for failures that are not the trial's own: other data, a folder that another process uses
 */
export async function runTrial(job: TrialJob, options: RunTrialOptions): Promise<TrialOutcome | 'aborted'> {
  const { store, name, given } = options
  await checkSameData(job, given, name)
  const release = await claimRun(store, options.control.signal)
  if (release === 'aborted') return 'aborted'
  const reports: Report[] = []
  try {
    return await train(job, options, reports)
  } catch (error) {
    // Before its first step, while data are read or a tokenizer is learned, a training rejects.
    if (options.control.signal.aborted) return 'aborted'
    // Failing to write is the fault of a disk.
    if (isHeddleError(error) && error.code === 'file') throw error
    return failedOutcome(error, reports)
  } finally {
    await release()
  }
}

async function train(
  job: TrialJob,
  { registry, store, name, given, control, onTrained }: RunTrialOptions,
  reports: Report[],
): Promise<TrialOutcome | 'aborted'> {
  const { recipe, seed, budget, direction, history } = job
  const pruner = registry.create(prunerPoint, job.pruner, undefined)
  const pruning = new AbortController()
  // Without a checkpoint, nothing is lost that would not be made again.
  const resume = (await store.read('trainer/state.json')) !== undefined
  if (!resume) for (const path of await store.list('')) if (path !== LOCK) await store.remove(path)

  let metric = 'loss'
  let steps = 0
  const observe = (step: number, metrics: Readonly<Record<string, number>>) => {
    // A resumed run repeats the validations since its checkpoint.
    if (pruning.signal.aborted || (reports.at(-1)?.step ?? 0) >= step) return
    const report = { step, value: metrics[metric] ?? Number.NaN }
    reports.push(report)
    control.report(report)
    if (step < steps && pruner.shouldPrune({ reports, history, direction })) pruning.abort()
  }
  let logged: Awaited<ReturnType<typeof readRunLog>>['validations'] = resume
    ? (await readRunLog(store)).validations
    : []

  const trained = await trainRun({
    registry,
    store,
    name,
    ...(resume ? { resume } : { recipe, seed, budget }),
    ...given,
    signal: AbortSignal.any([control.signal, pruning.signal]),
    events: {
      onPrepared: (prepared) => {
        metric = monitoredBy(prepared).metric
        steps = prepared.task.config.training.steps
        // Decisions that were made, or could have been, before the run was stopped.
        for (const { step, metrics } of logged) observe(step, metrics)
        logged = []
      },
      onValidation: ({ step, metrics }) => observe(step, metrics),
    },
  })
  try {
    const { result } = trained
    const seconds = result.elapsedMs / 1000
    const metrics = result.best?.metrics
    if (pruning.signal.aborted) return { state: 'pruned', value: reports.at(-1)!.value, reports, metrics, seconds }
    if (result.reason === 'aborted') return 'aborted'
    await onTrained?.(trained)
    const value = bestOf(
      reports.map((report) => report.value).filter((each) => !Number.isNaN(each)),
      direction,
    )
    if (value !== undefined) return { state: 'complete', value, reports, metrics, seconds }
    const error = `expected validations with a ${metric} that is a number, got ${reports.length === 0 ? 'none' : 'NaN'}`
    return { state: 'failed', error, reports, seconds }
  } finally {
    trained.task.dispose()
  }
}
