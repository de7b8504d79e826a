import { basename, dirname, join } from 'node:path'
import { HeddleError } from '@heddle/core'
import type { Run } from '@heddle/recipes'
import { FolderStore } from '@heddle/trainer/node'
import type { Output } from '../output.ts'
import { showAttention } from './attention.ts'
import { showGradientFlow } from './gradient-flow.ts'
import type { Shown } from './shown.ts'
import { showUnits } from './units.ts'

export interface LookInsideOptions {
  /** A text to colour by hidden units. */
  readonly units?: string
  readonly unit?: number
  readonly layer?: number
  /** Whether units are coloured by tanh(c) of their LSTM. */
  readonly cellState?: boolean
  readonly gradientFlow?: boolean
  readonly cell?: string
  /** A source whose attention map is shown. */
  readonly attention?: string
  /** Where the page is written instead of the run's folder. */
  readonly out?: string
}

const VIEWS = ['units', 'gradientFlow', 'attention'] as const

/** Whether a view is asked for. @throws HeddleError `usage` for options that go with another view than those asked for */
export function checkLookInside(options: LookInsideOptions): boolean {
  const asked = VIEWS.filter((view) => options[view] !== undefined)
  const needs = (option: 'unit' | 'layer' | 'cellState' | 'cell', view: (typeof VIEWS)[number], flag: string) => {
    const name = option === 'cellState' ? 'cell-state' : option
    if (options[option] !== undefined && !asked.includes(view))
      throw new HeddleError('usage', `--${name}: expected ${flag} with it, got none. Add ${flag}.`)
  }
  needs('unit', 'units', '--units "text"')
  needs('layer', 'units', '--units "text"')
  needs('cellState', 'units', '--units "text"')
  needs('cell', 'gradientFlow', '--gradient-flow')
  if (options.out !== undefined && asked.length !== 1) {
    throw new HeddleError(
      'usage',
      `--out: expected one of --units, --gradient-flow and --attention, got ${asked.length}. Write one page at a time.`,
    )
  }
  return asked.length > 0
}

/** Shows the views that are asked for and writes a page of each; returns them as data. */
export async function lookInside(
  run: Run,
  folder: string,
  options: LookInsideOptions,
  output: Output,
): Promise<Record<string, unknown>> {
  const store = new FolderStore(folder)
  const { units, attention } = options
  const results: Record<string, unknown> = {}
  const keep = async (view: string, { file, html, json }: Shown) => {
    const path = options.out ?? join(folder, file)
    await new FolderStore(dirname(path)).write(basename(path), new TextEncoder().encode(html))
    output.line()
    output.field('page', path)
    results[view] = { page: path, ...(json as object) }
  }
  if (units !== undefined) {
    const { unit, layer, cellState } = options
    await keep('units', await showUnits({ run, store, name: folder }, { units, unit, layer, cellState }, output))
  }
  if (options.gradientFlow)
    await keep('gradientFlow', await showGradientFlow(folder, run.model, { cell: options.cell }, output))
  if (attention !== undefined) await keep('attention', await showAttention(folder, run, attention, output))
  return results
}
