import type { Registry } from '@heddle/core'
import { checkData } from '@heddle/tasks'
import { type BackendOptions, startBackend } from '../backend.ts'
import { findingLines } from '../finding-lines.ts'
import { type NewRunOptions, nameOfData, newRun } from '../new-run.ts'
import type { Output } from '../output.ts'

export interface CheckDataCommandOptions extends BackendOptions, NewRunOptions {
  /** Leaves out the first steps. */
  readonly quick?: boolean
}

/** `heddle check-data`: finds problems in data before hours of training. Returns the exit code, 1 where there are warnings. */
export async function checkDataCommand(
  recipe: string,
  { quick = false, ...options }: CheckDataCommandOptions,
  registry: Registry,
  output: Output,
): Promise<number> {
  // Without first steps nothing is computed, and the backend that starts at once will do.
  await startBackend(quick ? { backend: 'cpu' } : options, (line) => output.line(line))
  const run = await newRun(recipe, options, registry, output)
  const { parts, notes, findings, seed } = await checkData({
    registry,
    recipe: run.recipe,
    seed: run.seed,
    from: run.from,
    ...run.data,
    isQuick: quick,
    onChecked({ parts, notes, findings }) {
      output.field('recipe', `${recipe}, seed ${run.seed}`)
      output.field('data', nameOfData(run.data))
      output.field(
        '',
        Object.entries(parts)
          .map(([name, size]) => `${name} ${size}`)
          .join(', '),
      )
      for (const note of notes) output.field('', note)
      output.heading('Examples')
      if (findings.length === 0) output.line('no check applies to examples of this kind')
      for (const line of findingLines(findings)) output.line(line)
    },
    onTrained(findings) {
      if (findings.length === 0) return
      output.heading('First steps')
      for (const line of findingLines(findings)) output.line(line)
    },
  })
  const warnings = findings.filter(({ isWarning }) => isWarning)
  output.line()
  output.line(
    warnings.length === 0
      ? 'Nothing speaks against these data.'
      : `${warnings.length} ${warnings.length === 1 ? 'warning' : 'warnings'}`,
  )
  output.result({ command: 'check-data', recipe, seed, data: run.data.source?.name ?? null, parts, notes, findings })
  return warnings.length === 0 ? 0 : 1
}
