import { bestTrial, parameterEffects, type StudyConfig, type Trial } from '@heddle/search'
import type { RunStore } from '@heddle/trainer'
import { formatDuration, searchPage, valueLabel } from '@heddle/views'
import type { Output } from '../output.ts'

/** Prints the trials, best first, and the effect of each parameter. */
export function printTrials(trials: readonly Trial[], study: StudyConfig, output: Output): void {
  const names = Object.keys(study.space)
  const best = bestTrial(trials, study.direction)
  const header = ['trial', 'state', study.metric, 'steps', 'time', ...names.map(lastPart)]
  const rows = trials.map(({ number, state, value, reports, seconds, parameters }) => [
    `${number === best?.number ? '*' : ''}${number}`,
    state,
    value === undefined ? '-' : valueLabel(value),
    `${reports.at(-1)?.step ?? '-'}`,
    seconds === undefined ? '-' : formatDuration(1000 * seconds),
    ...names.map((name) => valueLabel(parameters[name])),
  ])
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)))
  output.heading('Trials')
  for (const row of [header, ...rows]) output.line(row.map((text, i) => text.padStart(widths[i]!)).join('  '))
  for (const { number, error } of trials) if (error !== undefined) output.line(`trial ${number}: ${error}`)

  output.heading('Effect of each parameter (share of the ranks that it explains alone)')
  const width = Math.max(...names.map((name) => name.length))
  for (const { name, share } of parameterEffects(trials, study.space, study.direction)) {
    output.line(
      `  ${name.padEnd(width)} ${share === undefined ? 'too few trials' : `${Math.round(100 * share)} %`.padStart(6)}`,
    )
  }
}

const lastPart = (path: string) => path.split('.').at(-1)!

/** Content of `trials.json`, and of the line that `--json` prints. */
export function studySummary(trials: readonly Trial[], study: StudyConfig) {
  const { recipe, seed, metric, direction, method, pruner, space } = study
  const effects = parameterEffects(trials, space, direction).map(({ name, share = null }) => ({ name, share }))
  const best = bestTrial(trials, direction)
  return { recipe, seed, method, pruner, metric, direction, best: best?.number ?? null, effects, trials }
}

/** Writes `trials.json` and `search.html` into the folder of the study. */
export async function writeStudyFiles(store: RunStore, trials: readonly Trial[], study: StudyConfig): Promise<void> {
  const write = (path: string, text: string) => store.write(path, new TextEncoder().encode(text))
  await write('trials.json', `${JSON.stringify(studySummary(trials, study), undefined, 2)}\n`)
  const effects = parameterEffects(trials, study.space, study.direction)
  await write('search.html', searchPage({ ...study, recipe: study.recipe.type, trials, effects }))
}
