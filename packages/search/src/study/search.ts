import { isHeddleError, RandomStream } from '@heddle/core'
import type { SearchMethod } from '../methods/search-method.ts'
import type { Pruner } from '../pruners/pruner.ts'
import type { ParameterValues } from '../space/space.ts'
import type { StudyJournal } from './study-journal.ts'
import type { Report, Trial, TrialOutcome } from './trial.ts'

/** A trial that is to be run. */
export interface TrialTask {
  readonly number: number
  readonly parameters: ParameterValues
  /** The trials that the pruner compares with; none for a pruner that does not use results. */
  readonly history: readonly Trial[]
}

export interface TrialControl {
  /** Asks the trial to stop, and to keep what it has for later. */
  readonly signal: AbortSignal
  report(report: Report): void
}

/** Runs one trial; returns 'aborted' when the signal stopped it. An error ends the search; a failed trial is an outcome. */
export type TrialRunner = (task: TrialTask, control: TrialControl) => Promise<TrialOutcome | 'aborted'>

export interface SearchEvents {
  onTrialStart?(trial: Trial): void
  onReport?(trial: Trial, report: Report): void
  onTrialEnd?(trial: Trial): void
}

export interface SearchOptions {
  readonly journal: StudyJournal
  readonly method: SearchMethod
  readonly pruner: Pruner
  readonly seed: number
  /** Number of trials in all. */
  readonly trials: number
  /** Trials that run at once (default 1). */
  readonly jobs?: number
  /** Number of trials at once that decisions are made for (default: `jobs`), see {@link search}. */
  readonly parallel?: number
  readonly run: TrialRunner
  readonly signal?: AbortSignal
  readonly events?: SearchEvents
}

/** Trials before a trial whose results it does not wait for. */
const windowOf = (parallel: number) => 2 * (parallel - 1)

/**
 * Runs the trials of a study, those that an earlier call has left unfinished first.
 *
 * Trial n knows the results of the trials before n - 2 (parallel - 1), and of no others, even where more have ended: its values and the
 * decision to prune it follow from these, from the seed and from n. A search therefore ends with the same trials whatever the order in
 * which they end, however many run at once, and whether or not it was killed and started again. Trials wait for results that they
 * know; methods and pruners without need of results wait for none.
 *
 * @returns all trials; some are unfinished when the signal ended the search
 */
export async function search(options: SearchOptions): Promise<readonly Trial[]> {
  const { journal, method, pruner, seed, jobs = 1, parallel = jobs, run, events = {} } = options
  const total = Math.min(options.trials, method.size ?? Number.POSITIVE_INFINITY)
  const stop = new AbortController()
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal])
  const active = new Map<number, Promise<void>>()
  let failure: { readonly error: unknown } | undefined

  const known = (number: number) => journal.trials.slice(0, Math.max(0, number - windowOf(parallel)))

  const runOne = async (number: number) => {
    const history = known(number)
    const trial =
      journal.trials[number] ??
      (await journal.begin(
        method.suggest({ number, history: method.usesResults ? history : [], rng: streamOf(seed, number) }),
      ))
    events.onTrialStart?.(trial)
    const reports: Promise<void>[] = []
    const outcome = await run(
      { number, parameters: trial.parameters, history: pruner.usesResults ? history : [] },
      {
        signal,
        report: (report) => {
          events.onReport?.(trial, report)
          reports.push(journal.report(number, report))
        },
      },
    )
    await Promise.all(reports)
    if (outcome === 'aborted') return
    const ended = await journal.end(number, outcome)
    events.onTrialEnd?.(ended)
  }

  const start = (number: number) => {
    const running = runOne(number)
      .catch((error: unknown) => {
        failure ??= { error }
        stop.abort()
      })
      .finally(() => active.delete(number))
    active.set(number, running)
  }

  const isUnfinished = (trial: Trial | undefined) => trial === undefined || trial.state === 'running'
  const waits = (number: number) => (method.usesResults || pruner.usesResults) && known(number).some(isUnfinished)
  for (let next = 0; ; ) {
    // A trial begins only after the one before it, so that numbers follow each other.
    while (next < total && active.size < jobs && !signal.aborted && !waits(next)) {
      if (isUnfinished(journal.trials[next])) start(next)
      next++
    }
    if (active.size === 0) break
    await Promise.race(active.values())
  }
  if (failure !== undefined) throw failure.error
  return journal.trials
}

/** The stream of a trial, independent of those of the others. */
const streamOf = (seed: number, number: number): RandomStream =>
  RandomStream.fromState({ ...new RandomStream(seed).state(), splits: number }).split()

/** The outcome of a trial that ended with an error. */
export function failedOutcome(error: unknown, reports: readonly Report[] = []): TrialOutcome {
  const text = error instanceof Error ? error.message : String(error)
  return { state: 'failed', error: isHeddleError(error) ? text : `unexpected error: ${text}`, reports }
}
