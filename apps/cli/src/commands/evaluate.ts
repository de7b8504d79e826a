import type { Registry } from '@heddle/core'
import { HeddleError } from '@heddle/core'
import { fingerprint } from '@heddle/data'
import { evaluationExamples, type Judge, judging, openRun, readRunConfig, type Task } from '@heddle/tasks'
import { MemoryStore, type RunStore } from '@heddle/trainer'
import { FolderStore } from '@heddle/trainer/node'
import { formatCount } from '@heddle/views'
import { type BackendOptions, startBackend } from '../backend.ts'
import type { DataOptions } from '../data-files.ts'
import { printMetrics } from '../metrics-table.ts'
import type { Output } from '../output.ts'
import { RowFile } from '../row-file.ts'
import { dataOfRun } from '../run-data.ts'
import { existingRun } from '../run-folder.ts'
import { combineRuns } from './combine.ts'

export interface EvaluateCommandOptions extends BackendOptions, DataOptions {
  /** File for each example with its prediction. */
  readonly predictions?: string
  /** Whether several runs are evaluated as one. */
  readonly ensemble?: boolean
}

/** Examples that are judged together. */
const ROWS = 1024

/** `heddle evaluate`: all metrics of a run, or of several as one. */
export async function evaluateCommand(
  directories: readonly string[],
  options: EvaluateCommandOptions,
  registry: Registry,
  output: Output,
): Promise<void> {
  const file = options.predictions === undefined ? undefined : new RowFile(options.predictions, '--predictions')
  const folder = directories.length === 1 ? await existingRun(directories[0]!) : directories.join(' + ')
  await startBackend(options, (line) => output.line(line))
  const store = await storeOf(directories, options, registry)
  const origin = await readRunConfig(store, registry, folder)
  const { source, ...parts } = await dataOfRun(options, origin, folder)
  if (options.data.length === 0 && source !== undefined && (await fingerprint(source)) !== origin.data?.sha256) {
    throw new HeddleError(
      'data',
      `${folder}: expected the data that the run was trained on (${source.name}), got other content. Name the data to evaluate on with --data.`,
    )
  }
  const run = await openRun({ store, registry, name: folder })
  const { task, config } = run
  const { part, examples, notes } = await evaluationExamples(run, registry, source, parts)
  const judge = file && judgeOf(task, folder)
  const metrics = await task.evaluate(examples)
  const what =
    part === 'all'
      ? `all of ${source?.name}`
      : `the ${part} part of ${((part === 'test' && parts.test) || source)?.name ?? 'the built-in data'}`
  output.line(`${folder} on ${what} (${task.count(examples)}, seed ${config.seed})`)
  const { unknownLabels = 0 } = metrics
  const unknown = `${formatCount(unknownLabels)} labels that training did not meet count as errors and are left out of the loss`
  for (const note of [...notes, ...(unknownLabels > 0 ? [unknown] : [])]) output.line(note)
  printMetrics(task.pipeline.metrics, metrics, output)
  if (file !== undefined) {
    await writeJudged(examples, judge!, file)
    output.line(`${formatCount(file.rows)} examples with their predictions: ${file.path}`)
  }
  output.result({
    command: 'evaluate',
    run: folder,
    recipe: config.recipe?.name ?? null,
    task: task.type,
    seed: config.seed,
    part,
    data: source?.name ?? null,
    notes,
    metrics,
    ...(file && { predictions: file.path }),
  })
  task.dispose()
}

async function storeOf(
  directories: readonly string[],
  { ensemble = false }: EvaluateCommandOptions,
  registry: Registry,
): Promise<RunStore> {
  if (!ensemble && directories.length > 1) {
    throw new HeddleError(
      'usage',
      `evaluate: expected one run, or --ensemble to evaluate them as one, got ${directories.length} runs. Add --ensemble, or call the command for each.`,
    )
  }
  if (!ensemble) return new FolderStore(directories[0]!)
  const store = new MemoryStore()
  await combineRuns('ensemble', directories, store, registry)
  return store
}

/** @throws HeddleError `usage` for a task whose examples have no right answer each */
function judgeOf({ type, pipeline }: Task, folder: string): Judge<unknown> {
  const judge = judging.find(pipeline.abilities)
  if (judge !== undefined) return judge
  throw new HeddleError(
    'usage',
    `evaluate --predictions: expected a run whose examples have an answer each, got ${folder}, a run of '${type}'. Leave it out.`,
  )
}

async function writeJudged(examples: readonly unknown[], judge: Judge<unknown>, file: RowFile): Promise<void> {
  try {
    for (let at = 0; at < examples.length; at += ROWS) {
      await file.write(await judge.judge(examples.slice(at, at + ROWS)))
    }
    await file.finish()
  } catch (error) {
    await file.discard()
    throw error
  }
}
