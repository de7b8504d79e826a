import { basename, dirname, join } from 'node:path'
import type { Registry } from '@heddle/core'
import { gradientFlowStudy, inspectAttention, inspectUnits } from '@heddle/inspect'
import { type Exhibit, openTask, type Task } from '@heddle/tasks'
import { FolderStore } from '@heddle/trainer/node'
import { exhibitSections, htmlPage } from '@heddle/views'
import { type BackendOptions, startBackend } from '../backend.ts'
import type { Output } from '../output.ts'
import { existingRun } from '../run-folder.ts'
import { showExhibits } from '../show-exhibits.ts'

export interface InspectOptions extends BackendOptions {
  /** File of the page (default: in the folder of the run). */
  readonly out?: string
}

export interface UnitsOptions extends InspectOptions {
  readonly unit?: number
  readonly layer?: number
  readonly cellState?: boolean
}

export interface GradientFlowOptions extends InspectOptions {
  readonly cell?: string
}

/** `heddle inspect units`: a text colored by the units that follow its properties, or by one unit. */
export function inspectUnitsCommand(
  directory: string,
  text: string,
  options: UnitsOptions,
  registry: Registry,
  output: Output,
): Promise<void> {
  const { unit, layer, cellState } = options
  const look = (task: Task) =>
    inspectUnits(task, text, {
      ...(unit !== undefined && { unit }),
      ...(layer !== undefined && { layer }),
      ...(cellState && { state: 'cell' }),
    })
  return inspect(directory, 'units', look, options, registry, output)
}

/** `heddle inspect gradient-flow`: how far back the gradient reaches in a cell, compared with others. */
export function inspectGradientFlowCommand(
  directory: string,
  options: GradientFlowOptions,
  registry: Registry,
  output: Output,
): Promise<void> {
  const { cell } = options
  const look = (task: Task) => gradientFlowStudy(task, cell === undefined ? {} : { cell })
  return inspect(directory, 'gradient-flow', look, options, registry, output)
}

/** `heddle inspect attention`: the text that a run writes, with its attention over the source. */
export function inspectAttentionCommand(
  directory: string,
  text: string,
  options: InspectOptions,
  registry: Registry,
  output: Output,
): Promise<void> {
  return inspect(directory, 'attention', (task) => inspectAttention(task, text), options, registry, output)
}

/** Opens a run, looks inside, prints the result and writes it as a page. */
async function inspect(
  directory: string,
  name: string,
  look: (task: Task) => Promise<Exhibit>,
  options: InspectOptions,
  registry: Registry,
  output: Output,
): Promise<void> {
  const folder = await existingRun(directory)
  await startBackend(options, (line) => output.line(line))
  const task = await openTask(new FolderStore(folder), registry, folder)
  const exhibit = await look(task)
  showExhibits([exhibit], registry, output)
  const page = options.out ?? join(folder, `${name}.html`)
  const html = htmlPage({ title: exhibit.title, about: folder, body: exhibitSections([exhibit], registry) })
  await new FolderStore(dirname(page)).write(basename(page), new TextEncoder().encode(html))
  output.line()
  output.field('page', page)
  output.result({ command: `inspect ${name}`, run: folder, page, ...exhibit })
  task.dispose()
}
