import { writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { HeddleError, type Registry } from '@heddle/core'
import { readRunConfig } from '@heddle/tasks'
import { readRunLog } from '@heddle/trainer'
import { FolderStore } from '@heddle/trainer/node'
import { type ComparedRun, comparePage, comparison, comparisonLines } from '@heddle/views'
import type { Output } from '../output.ts'
import { existingRun } from '../run-folder.ts'

/** `heddle compare`: several runs in one table and on one page, each with what differs from the one before. */
export async function compareCommand(
  directories: readonly string[],
  { out }: { readonly out: string },
  registry: Registry,
  output: Output,
): Promise<void> {
  const runs: ComparedRun[] = []
  for (const directory of directories) runs.push(await readRun(directory, registry))
  const table = comparison(runs)
  for (const line of comparisonLines(table)) output.line(line)
  await writeFile(out, comparePage(runs))
  output.line(`page: ${out}`)
  output.result({
    command: 'compare',
    page: out,
    runs: runs.map(({ metrics }, i) => ({ run: directories[i], differs: table.labels[i], metrics })),
  })
}

async function readRun(directory: string, registry: Registry): Promise<ComparedRun> {
  const folder = await existingRun(directory)
  const store = new FolderStore(folder)
  const { recipe, seed, data, from, task, model } = await readRunConfig(store, registry, folder)
  const { model: _, ...ofTask } = task
  const settings = {
    ...(recipe && { recipe: recipe.name, preset: recipe.preset }),
    data: { source: data?.name ?? 'built-in', ...recipe?.data },
    ...(from && { from: from.name }),
    model,
    ...ofTask,
    seed,
  }
  return { name: basename(folder), settings, metrics: await readMetrics(store, folder), log: await readRunLog(store) }
}

async function readMetrics(store: FolderStore, folder: string): Promise<Record<string, number>> {
  const bytes = await store.read('metrics.json')
  if (bytes === undefined) return {}
  try {
    const { metrics } = JSON.parse(new TextDecoder().decode(bytes)) as { metrics?: Record<string, number> }
    return metrics ?? {}
  } catch (error) {
    throw new HeddleError(
      'format',
      `${folder}: expected JSON in metrics.json, got ${(error as Error).message}. Delete the file, or evaluate the run again.`,
    )
  }
}
