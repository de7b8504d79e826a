import type { Registry } from '@heddle/core'
import { closeRun, evaluationExamples, openRun } from '@heddle/recipes'
import { FolderStore } from '@heddle/trainer/node'
import { type BackendOptions, startBackend } from '../backend.ts'
import { dataSource } from '../data-files.ts'
import { formatCount, formatMetric } from '../format.ts'
import type { Output } from '../output.ts'
import { existingRun } from '../run-folder.ts'

export interface EvaluateCommandOptions extends BackendOptions {
  readonly data: readonly string[]
}

/** `heddle evaluate`: all metrics of a run. */
export async function evaluateCommand(
  directory: string,
  options: EvaluateCommandOptions,
  registry: Registry,
  output: Output,
): Promise<void> {
  const folder = await existingRun(directory)
  const source = await dataSource(options.data)
  await startBackend(options, (line) => output.line(line))
  const run = await openRun({ store: new FolderStore(folder), registry, name: folder })
  const { part, examples } = await evaluationExamples(run, source)
  const metrics = await run.pipeline.evaluate(examples)
  const what = part === 'all' ? `all of ${source?.name}` : `the ${part} part of ${source?.name ?? 'the built-in data'}`
  output.line(`${folder} on ${what} (${formatCount(examples.length)} examples, seed ${run.config.seed})`)
  for (const info of run.recipe.metrics) {
    const value = metrics[info.name]
    if (value === undefined) continue
    output.line(`  ${info.name.padEnd(18)} ${formatMetric(info, value).padStart(8)}  ${info.summary}`)
  }
  const { recipe, seed } = run.config
  output.result({
    command: 'evaluate',
    run: folder,
    recipe: recipe.type,
    seed,
    part,
    data: source?.name ?? null,
    metrics,
  })
  closeRun(run)
}
