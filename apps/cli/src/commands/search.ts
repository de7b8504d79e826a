import { availableParallelism } from 'node:os'
import { join, relative, resolve } from 'node:path'
import type { Registry } from '@heddle/core'
import {
  bestTrial,
  prunerPoint,
  type StudyConfig,
  StudyJournal,
  search,
  searchMethodPoint,
  type Trial,
  type TrialJob,
  type TrialOrder,
  type TrialRunner,
  trialFolder,
  writeStudyConfig,
} from '@heddle/search'
import { runTrialProcess } from '@heddle/search/node'
import { shellWord } from '@heddle/tasks'
import { FolderStore } from '@heddle/trainer/node'
import { valueLabel } from '@heddle/views'
import type { BackendOptions } from '../backend.ts'
import type { Interruption } from '../interruptible.ts'
import { MAIN_MODULE } from '../main-module.ts'
import type { Output } from '../output.ts'
import { planStudy, type StudyOptions } from '../search/plan-study.ts'
import { printTrials, studySummary, writeStudyFiles } from '../search/study-output.ts'
import { recipeWithValues } from '../search/trial-settings.ts'

export interface SearchCommandOptions extends BackendOptions, StudyOptions {
  /** Address of a Redis server that hands trials to workers. */
  readonly queue?: string
  readonly plugin: readonly string[]
  readonly interruption: Interruption
}

/** `heddle search`: returns the exit code, 130 when it was stopped by a signal. */
export async function searchCommand(
  recipe: string | undefined,
  options: SearchCommandOptions,
  registry: Registry,
  output: Output,
): Promise<number> {
  const { jobs = 1, interruption, queue } = options
  const { study, folder, trials } = await planStudy(recipe, options, registry)
  const { space, direction, metric, seed } = study
  const context = { space, direction, seed, trials: study.trials }
  const method = registry.create(searchMethodPoint, study.method, context)
  const pruner = registry.create(prunerPoint, study.pruner, undefined)
  const store = new FolderStore(folder)
  const release = await store.lock()
  try {
    if (options.resume === undefined) await writeStudyConfig(store, study)
    const attributes = { recipe: study.recipe, method: study.method, pruner: study.pruner, seed }
    const journal = await StudyJournal.open({ store, name: folder, space, direction, metric, attributes })
    const total = Math.min(trials, method.size ?? trials)
    interruption.hold()
    output.field('recipe', `${study.recipe.type}, seed ${seed}`)
    output.field('method', `${study.method.type}${study.pruner.type === 'none' ? '' : `, pruner ${study.pruner.type}`}`)
    output.field('metric', `${metric}, ${direction === 'minimize' ? 'less' : 'more'} is better`)
    output.field('search', folder)
    output.line()
    const runner = queue === undefined ? localRunner(jobs, options) : await queueRunner(queue, study, output)
    try {
      await search({
        journal,
        method,
        pruner,
        seed,
        trials,
        jobs,
        parallel: study.parallel,
        signal: interruption.signal,
        run: (task, control) => runner.run(orderOf(task, study, folder, registry), control),
        events: {
          onTrialEnd: (trial) => output.line(progressLine(trial, journal.trials, study, total)),
        },
      })
    } finally {
      await runner.close()
    }
    const ended = journal.trials.filter(({ state }) => state !== 'running')
    await writeStudyFiles(store, ended, study)
    if (ended.length < total) {
      output.line(
        `Stopped after ${ended.length} of ${total} trials. Resume with: heddle search --resume ${shellWord(folder)}`,
      )
      output.result({ command: 'search', search: folder, stopped: true, trials: ended.length })
      return 130
    }
    printTrials(ended, study, output)
    const best = bestTrial(ended, direction)
    output.heading('Done')
    if (best !== undefined) {
      output.field('best', `trial ${best.number}: ${metric} ${valueLabel(best.value)}`)
      const values = Object.entries(best.parameters)
      for (const [name, value] of values) output.field('', `--set ${shellWord(`${name}=${textOf(value)}`)}`)
      output.field('run', join(folder, trialFolder(best.number)))
    }
    const page = join(folder, 'search.html')
    output.field('page', relative('', page) || page)
    output.result({ command: 'search', search: folder, page, ...studySummary(ended, study) })
    return 0
  } finally {
    await release()
  }
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

function orderOf(
  { number, parameters, history }: Parameters<TrialRunner>[0],
  { recipe, seed, budget, data, direction, pruner }: StudyConfig,
  folder: string,
  registry: Registry,
): TrialOrder {
  const job: TrialJob = {
    number,
    recipe: recipeWithValues(recipe, parameters, registry),
    seed,
    budget,
    data,
    direction,
    pruner,
    history,
  }
  return { job, folder: resolve(folder, trialFolder(number)) }
}

interface OrderRunner {
  run(order: TrialOrder, control: Parameters<TrialRunner>[1]): ReturnType<TrialRunner>
  close(): Promise<void>
}

/** Runs trials in processes of this machine, which share its cores. */
function localRunner(jobs: number, options: SearchCommandOptions): OrderRunner {
  const threads = options.threads ?? Math.max(1, Math.floor(availableParallelism() / jobs))
  const child = { module: MAIN_MODULE, args: trialArguments({ ...options, threads }) }
  return { run: (order, control) => runTrialProcess(order, control, child), close: async () => {} }
}

/** The command line of a trial's process. */
export function trialArguments({
  backend,
  threads,
  plugin,
}: Pick<SearchCommandOptions, 'backend' | 'threads' | 'plugin'>): string[] {
  return [
    'search-trial',
    ...['--backend', backend],
    ...(threads === undefined ? [] : ['--threads', `${threads}`]),
    ...plugin.flatMap((name) => ['--plugin', name]),
  ]
}

async function queueRunner(address: string, { id }: StudyConfig, output: Output): Promise<OrderRunner> {
  // Loaded only where a queue is asked for.
  const { TrialQueue } = await import('@heddle/search/queue')
  const queue = await TrialQueue.open({ address, study: id })
  const workers = await queue.numWorkers()
  output.line(workers > 0 ? `${workers} workers` : `No worker yet. Start some: heddle search-worker --queue ${address}`)
  return queue
}

function progressLine(
  trial: Trial,
  trials: readonly Trial[],
  { metric, direction }: StudyConfig,
  total: number,
): string {
  const ended = trials.filter(({ state }) => state !== 'running')
  const isBest = bestTrial(ended, direction)?.number === trial.number
  const result = trial.error ?? `${metric} ${valueLabel(trial.value)}${isBest ? ' (best so far)' : ''}`
  const values = Object.entries(trial.parameters).map(([name, value]) => `${name} ${valueLabel(value)}`)
  return `${ended.length}/${total}  trial ${trial.number} ${trial.state}: ${result}  ${values.join('  ')}`
}
