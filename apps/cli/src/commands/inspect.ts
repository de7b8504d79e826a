import { basename, dirname, join } from 'node:path'
import { parseConfig, type Registry } from '@heddle/core'
import { type InspectionContext, inspectionPoint } from '@heddle/inspect'
import { evaluationExamples, openRun, openTask, type Run } from '@heddle/tasks'
import { FolderStore } from '@heddle/trainer/node'
import { exhibitSections, htmlPage } from '@heddle/views'
import { type BackendOptions, startBackend } from '../backend.ts'
import type { Output } from '../output.ts'
import { dataOfRun } from '../run-data.ts'
import { existingRun } from '../run-folder.ts'
import { showExhibits } from '../show-exhibits.ts'

export interface InspectCommandOptions extends BackendOptions {
  /** File of the page (default: in the folder of the run). */
  readonly out?: string
  /** The inspection's own config, as far as it was given. */
  readonly config: Record<string, unknown>
}

/** A command that looks inside a run: prints the result and writes it as a page. */
export async function inspectCommand(
  name: string,
  directory: string,
  options: InspectCommandOptions,
  registry: Registry,
  output: Output,
): Promise<void> {
  // Checked before anything is loaded.
  parseConfig(`inspect ${name}`, registry.get(inspectionPoint, name).config, options.config)
  const folder = await existingRun(directory)
  await startBackend(options, (line) => output.line(line))
  const run = await openRun({ store: new FolderStore(folder), registry, name: folder })
  const look = registry.create(inspectionPoint, { type: name, ...options.config }, contextOf(run, folder, registry))
  const exhibit = await look()
  showExhibits([exhibit], registry, output)
  const page = options.out ?? join(folder, `${name.replaceAll('/', '-')}.html`)
  const html = htmlPage({ title: exhibit.title, about: folder, body: exhibitSections([exhibit], registry) })
  await new FolderStore(dirname(page)).write(basename(page), new TextEncoder().encode(html))
  output.line()
  output.field('page', page)
  output.result({ command: `inspect ${name}`, run: folder, page, ...exhibit })
  run.task.dispose()
}

function contextOf(run: Run, folder: string, registry: Registry): InspectionContext {
  return {
    task: run.task,
    openRun: async (path) => openTask(new FolderStore(await existingRun(path)), registry, path),
    async examples(data = []) {
      const { source, ...parts } = await dataOfRun({ data }, run.config, folder)
      return (await evaluationExamples(run, registry, source, parts)).examples
    },
  }
}
